// The way into the table: a data collection rule that takes alerts directly, without a data collection endpoint.

@description('Name of the data collection rule.')
@minLength(3)
@maxLength(64)
param name string

@description('Region of the workspace.')
param location string

@description('Tags of the resource.')
param tags object

@description('Workspace with the table OutriderAlerts_CL (resource id).')
param workspaceId string

@description('Object id of the identity of the functions.')
param principalId string

@description('What role assignments are named after: the resource id that the object id belongs to. Known before anything is deployed, so that a what-if can show them.')
param principalKey string

var columns = loadJsonContent('../alert-columns.json')
// Monitoring Metrics Publisher: what the Logs Ingestion API asks for
var publisherRole = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: name
  location: location
  tags: tags
  kind: 'Direct'
  properties: {
    description: 'Alerts of Outrider into the table OutriderAlerts_CL'
    streamDeclarations: {
      'Custom-OutriderAlerts': {
        columns: columns
      }
    }
    destinations: {
      logAnalytics: [
        {
          name: 'workspace'
          workspaceResourceId: workspaceId
        }
      ]
    }
    dataFlows: [
      {
        streams: ['Custom-OutriderAlerts']
        destinations: ['workspace']
        transformKql: 'source'
        outputStream: 'Custom-OutriderAlerts_CL'
      }
    ]
  }
}

resource publish 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(rule.id, principalKey, publisherRole)
  scope: rule
  properties: {
    roleDefinitionId: publisherRole
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Outrider sends alerts to the workspace'
  }
}

@description('Where alerts are posted.')
output endpoint string = rule.properties.endpoints!.logsIngestion

@description('Id of the rule in the address of a post.')
output ruleId string = rule.properties.immutableId

@description('Stream of the rule.')
output stream string = 'Custom-OutriderAlerts'
