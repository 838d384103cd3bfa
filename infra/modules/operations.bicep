// How Outrider itself is watched: Application Insights, the alerts on its own health, the workbook.

@description('Start of the names.')
@minLength(3)
@maxLength(40)
param namePrefix string

@description('Azure region.')
param location string

@description('Tags of the resources.')
param tags object

@description('Workspace that telemetry and alerts are kept in (resource id).')
param workspaceId string

@description('Namespace of the events (resource id).')
param eventHubNamespaceId string

@description('Action groups that are told (resource ids); none: alerts are only shown in the portal.')
param actionGroupIds string[]

@description('Dead letters in 15 minutes above which an alert is raised.')
@minValue(0)
@maxValue(1000000)
param deadLetterThreshold int

@description('Whether the workbook is made.')
param deployWorkbook bool

@description('Object id of the identity of the functions.')
param principalId string

@description('What role assignments are named after: the resource id that the object id belongs to. Known before anything is deployed, so that a what-if can show them.')
param principalKey string

var insightsId = resourceId('Microsoft.Insights/components', '${namePrefix}-insights')

module monitoring 'monitoring.bicep' = {
  name: 'outrider-monitoring'
  params: {
    name: '${namePrefix}-insights'
    location: location
    tags: tags
    workspaceId: workspaceId
    principalId: principalId
    principalKey: principalKey
  }
}

module alerts 'operations-alerts.bicep' = {
  name: 'outrider-operations-alerts'
  params: {
    namePrefix: namePrefix
    location: location
    tags: tags
    insightsId: insightsId
    eventHubNamespaceId: eventHubNamespaceId
    actionGroupIds: actionGroupIds
    deadLetterThreshold: deadLetterThreshold
  }
  dependsOn: [monitoring]
}

module workbook 'workbook.bicep' = if (deployWorkbook) {
  name: 'outrider-workbook'
  params: {
    location: location
    tags: tags
    insightsId: insightsId
    workspaceId: workspaceId
  }
  dependsOn: [monitoring]
}

@description('Address and id of Application Insights. No secret: local authentication is off.')
output connectionString string = monitoring.outputs.connectionString
