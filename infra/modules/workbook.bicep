// A page of charts: what comes in, what is found, what waits.

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('Application Insights of the app (resource id).')
param insightsId string

@description('Workspace with the table OutriderAlerts_CL (resource id).')
param workspaceId string

var content = replace(
  replace(loadTextContent('../workbook.json'), '{{insights}}', insightsId),
  '{{workspace}}',
  workspaceId
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'outrider-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Outrider'
    category: 'sentinel'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: content
  }
}
