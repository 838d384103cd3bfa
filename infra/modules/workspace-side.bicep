// What is put into the workspace: the table of alerts, the rule that raises incidents from it, the export of its tables.

@description('Name of the workspace, in the resource group that this module is deployed to.')
param workspaceName string

@description('Days that alerts can be queried.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Days that alerts are kept in all.')
@minValue(30)
@maxValue(4383)
param totalRetentionDays int

@description('Whether the analytics rule is made.')
param deployRule bool

@description('How long a correction finds the incident of its alert.')
@allowed(['PT5H', 'P1D', 'P2D', 'P3D', 'P7D'])
param incidentLookback string

@description('Whether a correction opens an incident again that was closed.')
param reopenClosedIncidents bool

@description('Tables to export into the hub; none: no export.')
@maxLength(10)
param exportTables string[]

@description('Namespace of the hub (resource id).')
param eventHubNamespaceId string

@description('Hub with the events.')
param eventHubName string

module table 'alerts-table.bicep' = {
  name: 'outrider-alerts-table'
  params: {
    workspaceName: workspaceName
    retentionDays: retentionDays
    totalRetentionDays: totalRetentionDays
  }
}

module rule 'sentinel-rule.bicep' = if (deployRule) {
  name: 'outrider-sentinel-rule'
  params: {
    workspaceName: workspaceName
    enabled: true
    lookbackDuration: incidentLookback
    reopenClosedIncident: reopenClosedIncidents
  }
  // The rule's query is checked against the table.
  dependsOn: [table]
}

module dataExport 'data-export.bicep' = if (!empty(exportTables)) {
  name: 'outrider-data-export'
  params: {
    workspaceName: workspaceName
    eventHubNamespaceId: eventHubNamespaceId
    eventHubName: eventHubName
    tableNames: exportTables
  }
}

@description('Region of the workspace.')
output location string = table.outputs.location
