// What agents send to the workspace goes on to the hub: for those whose Sysmon already arrives in Sentinel.

@description('Name of the workspace, in the resource group that this module is deployed to.')
param workspaceName string

@description('Namespace of the hub (resource id), in the region of the workspace.')
param eventHubNamespaceId string

@description('Hub that the rows are sent to.')
param eventHubName string

@description('Tables to export. Each must be there and support data export.')
@minLength(1)
@maxLength(10)
param tableNames string[]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource export 'Microsoft.OperationalInsights/workspaces/dataExports@2025-02-01' = {
  parent: workspace
  name: 'outrider'
  properties: {
    enable: true
    tableNames: tableNames
    destination: {
      resourceId: eventHubNamespaceId
      metaData: {
        eventHubName: eventHubName
      }
    }
  }
}
