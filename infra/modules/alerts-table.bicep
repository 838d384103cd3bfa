// The table that alerts are kept in. Its columns are those of src/alerts/sinks/support/log-columns.ts (a test compares them).

@description('Name of the workspace, in the resource group that this module is deployed to.')
param workspaceName string

@description('Days that the table keeps alerts for queries.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Days that the table keeps alerts in all, archive included.')
@minValue(30)
@maxValue(4383)
param totalRetentionDays int

var columns = loadJsonContent('../alert-columns.json')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource table 'Microsoft.OperationalInsights/workspaces/tables@2025-02-01' = {
  parent: workspace
  name: 'OutriderAlerts_CL'
  properties: {
    plan: 'Analytics'
    retentionInDays: retentionDays
    totalRetentionInDays: max(retentionDays, totalRetentionDays)
    schema: {
      name: 'OutriderAlerts_CL'
      description: 'Alerts of Outrider: a row for each revision of each alert.'
      columns: [
        for column in columns: {
          name: column.name
          type: column.type == 'datetime' ? 'dateTime' : column.type
        }
      ]
    }
  }
}

@description('Region of the workspace: the data collection rule must be in the same one.')
output location string = workspace.location
