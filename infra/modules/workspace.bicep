// A workspace with Sentinel, for those who have none yet.

@description('Name of the workspace.')
@minLength(4)
@maxLength(63)
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('Days that the workspace keeps its tables.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Whether to put Sentinel on the workspace. It is billed by what is ingested.')
param enableSentinel bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource sentinel 'Microsoft.SecurityInsights/onboardingStates@2025-09-01' = if (enableSentinel) {
  name: 'default'
  scope: workspace
  properties: {}
}

@description('Resource id of the workspace.')
output id string = workspace.id
