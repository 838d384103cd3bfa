// Application Insights, kept in the workspace, without an instrumentation key that anybody could write with.

@description('Name of the Application Insights resource.')
@minLength(1)
@maxLength(255)
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('Workspace that telemetry is kept in (resource id).')
param workspaceId string

@description('Object id of the identity of the functions.')
param principalId string

@description('What role assignments are named after: the resource id that the object id belongs to. Known before anything is deployed, so that a what-if can show them.')
param principalKey string

// Monitoring Metrics Publisher: what ingestion with an identity asks for
var publisherRole = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource publish 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalKey, publisherRole)
  scope: insights
  properties: {
    roleDefinitionId: publisherRole
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Outrider and its host send telemetry'
  }
}

@description('Address and id of the resource. No secret: local authentication is off.')
output connectionString string = insights.properties.ConnectionString
