// Everything of Outrider in one resource group. main.bicep makes the group and deploys this; who may only write to a resource group
// deploys this file itself: az deployment group create --template-file infra/resources.bicep
targetScope = 'resourceGroup'

@description('Azure region. Flex Consumption must be offered there; a hub for data export must be in the region of the workspace.')
param location string = resourceGroup().location

@description('Start of all names: a letter, then lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param namePrefix string = 'outrider'

@description('Tags of all resources.')
param tags object = {}

@description('Workspace with Sentinel that alerts go to (resource id, in any resource group of the tenant). Empty: a workspace is made.')
param workspaceId string = ''

@description('Whether to put Sentinel on a workspace that is made here. One that was there is left as it is.')
param enableSentinel bool = true

@description('Days that alerts can be queried in OutriderAlerts_CL (and, in a workspace made here, all else).')
@minValue(30)
@maxValue(730)
param retentionDays int = 90

@description('Days that alerts are kept in all, archive included. Never less than retentionDays.')
@minValue(30)
@maxValue(4383)
param totalRetentionDays int = 365

@description('Event Hubs namespace to use (resource id, in any resource group of the tenant). Empty: one is made, without keys. One that was there is not changed.')
param eventHubNamespaceId string = ''

@description('Hub with the events.')
@minLength(1)
@maxLength(256)
param eventHubName string = 'sysmon'

@description('Whether to make the hub. False: it is there, in eventHubNamespaceId, and gets only a consumer group and a role.')
param createEventHub bool = true

@description('Partitions of a hub made here. Also the most instances of evaluate that can work at once; cannot be changed later.')
@minValue(1)
@maxValue(32)
param partitionCount int = 8

@description('Hours that a hub made here keeps events: how long Outrider may be down without losing any. Standard keeps at most 168.')
@minValue(1)
@maxValue(2160)
param hubRetentionHours int = 72

@description('Consumer group that Outrider makes for itself.')
@minLength(1)
@maxLength(50)
param consumerGroupName string = 'outrider'

@description('Tier of a namespace made here.')
@allowed(['Standard', 'Premium'])
param eventHubSku string = 'Standard'

@description('Throughput units (or Premium processing units) of a namespace made here, to begin with.')
@minValue(1)
@maxValue(40)
param eventHubCapacity int = 1

@description('Most throughput units that auto-inflate may go to (Standard).')
@minValue(1)
@maxValue(40)
param eventHubMaximumCapacity int = 10

@description('Storage account for a capture of the raw events (resource id) by a namespace made here. Empty: no capture.')
param captureStorageAccountId string = ''

@description('Container of the capture; it must be there.')
@minLength(3)
@maxLength(63)
param captureContainerName string = 'capture'

@description('Hub in the same namespace that alerts are sent to, beside the workspace. Empty: none.')
@maxLength(256)
param alertsEventHubName string = ''

@description('Tables of the workspace to export into the hub, such as Event. Empty: none. The workspace\'s own limits hold (10 rules).')
@maxLength(10)
param exportTables string[] = []

@description('Whether the analytics rule that raises incidents is made. It needs Sentinel on the workspace.')
param deploySentinelRule bool = true

@description('How long a correction finds the incident of its alert.')
@allowed(['PT5H', 'P1D', 'P2D', 'P3D', 'P7D'])
param incidentLookback string = 'P7D'

@description('Whether a correction opens an incident again that was closed.')
param reopenClosedIncidents bool = true

@description('Whether the workbook is made.')
param deployWorkbook bool = true

@description('Action groups that are told when Outrider itself is in trouble (resource ids).')
param actionGroupIds string[] = []

@description('Dead letters in 15 minutes above which an alert is raised.')
@minValue(0)
@maxValue(1000000)
param deadLetterThreshold int = 0

@description('Redundancy of the storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Days that deleted blobs can be brought back.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 7

@description('Whether storage and a namespace made here are reached only through private endpoints in a network made here. Shippers then need a way into that network.')
param privateNetworking bool = false

@description('Address space of that network, a /24 or larger.')
@minLength(9)
@maxLength(18)
param networkAddressPrefix string = '10.180.0.0/24'

@description('Memory of an instance, MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances of each function.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances of evaluate that are always there; 0: none, and the first events after a pause wait for a cold start.')
@minValue(0)
@maxValue(32)
param alwaysReadyEvaluate int = 1

@description('When windows are looked at: NCRONTAB with six fields.')
@minLength(11)
@maxLength(100)
param flushSchedule string = '0 * * * * *'

@description('How long after its end a window is run, for all rules, such as 5m. Empty: what rules/settings.yaml says.')
@maxLength(20)
param grace string = ''

@description('An event that happened longer than this before the hub took it in goes to dead letters.')
@minLength(1)
@maxLength(20)
param maxLate string = '24h'

@description('An event stamped further than this into the future goes to dead letters.')
@minLength(1)
@maxLength(20)
param maxEarly string = '1h'

@description('How long a window waits for partitions that are behind.')
@minLength(1)
@maxLength(20)
param maxWait string = '6h'

@description('Most windows that one flush runs for one rule.')
@minValue(1)
@maxValue(100000)
param maxWindowsPerFlush int = 100

@description('Most rows or groups of a window held in memory.')
@minValue(1)
@maxValue(50000000)
param maxRowsPerWindow int = 1000000

@description('Days that dead letters are kept.')
@minValue(1)
@maxValue(3650)
param deadLetterDays int = 30

@description('Table of JSON records that do not name theirs. Empty: such records are dead letters.')
@maxLength(128)
param defaultTable string = ''

@description('Start of the names of Outrider\'s tables and containers: letters and digits, a letter first.')
@minLength(1)
@maxLength(30)
param tablePrefix string = 'Outrider'

var suffix = take(uniqueString(resourceGroup().id, namePrefix), 8)
var baseName = '${toLower(namePrefix)}-${suffix}'
var ownNamespace = empty(eventHubNamespaceId)
var ownWorkspace = empty(workspaceId)
var sinks = empty(alertsEventHubName) ? 'logs-ingestion' : 'logs-ingestion,event-hub'
var identityId = resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '${baseName}-identity')
var insightsId = resourceId('Microsoft.Insights/components', '${baseName}-insights')
var deploymentContainer = 'app-package'
var publicNetworkAccess = privateNetworking ? 'Disabled' : 'Enabled'

var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

module identity 'modules/identity.bicep' = {
  name: 'outrider-identity'
  params: {
    name: '${baseName}-identity'
    location: location
    tags: tags
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'outrider-network'
  params: {
    namePrefix: baseName
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
  }
}

// What the Functions host keeps: leases, checkpoints, the deployed package. It needs to own its blobs.
module hostStorage 'modules/storage-account.bicep' = {
  name: 'outrider-host-storage'
  params: {
    name: '${toLower(namePrefix)}h${suffix}'
    location: location
    tags: tags
    sku: storageSku
    publicNetworkAccess: publicNetworkAccess
    containers: [deploymentContainer]
    softDeleteDays: softDeleteDays
    principalId: identity.outputs.principalId
    principalKey: identityId
    accountRoles: [roles.storageBlobDataOwner]
    containerRoles: []
  }
}

// What Outrider keeps: parts of events, alerts, dead letters. Nothing else is in this account.
module stateStorage 'modules/storage-account.bicep' = {
  name: 'outrider-state-storage'
  params: {
    name: '${toLower(namePrefix)}s${suffix}'
    location: location
    tags: tags
    sku: storageSku
    publicNetworkAccess: publicNetworkAccess
    containers: ['${toLower(tablePrefix)}-dead-letters']
    softDeleteDays: softDeleteDays
    principalId: identity.outputs.principalId
    principalKey: identityId
    // Tables are made by the app, so that the role cannot be on them one by one.
    accountRoles: [roles.storageTableDataContributor]
    containerRoles: [roles.storageBlobDataContributor]
  }
}

module namespace 'modules/event-hub-namespace.bicep' = if (ownNamespace) {
  name: 'outrider-event-hub-namespace'
  params: {
    name: '${baseName}-hubs'
    location: location
    tags: tags
    sku: eventHubSku
    capacity: eventHubCapacity
    maximumThroughputUnits: eventHubMaximumCapacity
    publicNetworkAccess: publicNetworkAccess
  }
}

var captures = ownNamespace && !empty(captureStorageAccountId)

module captureAccess 'modules/capture-access.bicep' = if (captures) {
  name: 'outrider-capture-access'
  scope: resourceGroup(split(captureStorageAccountId, '/')[?2] ?? '', split(captureStorageAccountId, '/')[?4] ?? '')
  params: {
    accountName: last(split(captureStorageAccountId, '/'))
    containerName: captureContainerName
    principalId: namespace.?outputs.principalId ?? ''
    principalKey: namespaceResourceId
  }
}

// What the module sees as names must be known before anything is deployed.
var namespaceSegments = split(eventHubNamespaceId, '/')

module hubs 'modules/event-hubs.bicep' = {
  name: 'outrider-event-hubs'
  scope: resourceGroup(
    namespaceSegments[?2] ?? subscription().subscriptionId,
    namespaceSegments[?4] ?? resourceGroup().name
  )
  params: {
    namespaceName: ownNamespace ? '${baseName}-hubs' : last(namespaceSegments)
    eventHubName: eventHubName
    createEventHub: createEventHub || ownNamespace
    partitionCount: partitionCount
    retentionHours: hubRetentionHours
    consumerGroupName: consumerGroupName
    alertsEventHubName: alertsEventHubName
    captureStorageAccountId: captures ? captureStorageAccountId : ''
    captureContainerName: captureContainerName
    principalId: identity.outputs.principalId
    principalKey: identityId
  }
  dependsOn: [namespace, captureAccess]
}

var namespaceResourceId = ownNamespace
  ? resourceId('Microsoft.EventHub/namespaces', '${baseName}-hubs')
  : eventHubNamespaceId

module workspace 'modules/workspace.bicep' = if (ownWorkspace) {
  name: 'outrider-workspace'
  params: {
    name: '${baseName}-logs'
    location: location
    tags: tags
    retentionDays: retentionDays
    enableSentinel: enableSentinel
  }
}

var workspaceSegments = split(workspaceId, '/')
var workspaceName = ownWorkspace ? '${baseName}-logs' : last(workspaceSegments)
var workspaceSubscription = workspaceSegments[?2] ?? subscription().subscriptionId
var workspaceGroup = workspaceSegments[?4] ?? resourceGroup().name
var workspaceResourceId = ownWorkspace
  ? resourceId('Microsoft.OperationalInsights/workspaces', '${baseName}-logs')
  : workspaceId

module alertsTable 'modules/alerts-table.bicep' = {
  name: 'outrider-alerts-table'
  scope: resourceGroup(workspaceSubscription, workspaceGroup)
  params: {
    workspaceName: workspaceName
    retentionDays: retentionDays
    totalRetentionDays: totalRetentionDays
  }
  dependsOn: [workspace]
}

module logsIngestion 'modules/logs-ingestion.bicep' = {
  name: 'outrider-logs-ingestion'
  params: {
    name: '${baseName}-alerts'
    location: alertsTable.outputs.location
    tags: tags
    workspaceId: workspaceResourceId
    principalId: identity.outputs.principalId
    principalKey: identityId
  }
}

module sentinelRule 'modules/sentinel-rule.bicep' = if (deploySentinelRule && (enableSentinel || !ownWorkspace)) {
  name: 'outrider-sentinel-rule'
  scope: resourceGroup(workspaceSubscription, workspaceGroup)
  params: {
    workspaceName: workspaceName
    enabled: true
    lookbackDuration: incidentLookback
    reopenClosedIncident: reopenClosedIncidents
  }
  // The rule's query is checked against the table.
  dependsOn: [alertsTable, logsIngestion]
}

module dataExport 'modules/data-export.bicep' = if (!empty(exportTables)) {
  name: 'outrider-data-export'
  scope: resourceGroup(workspaceSubscription, workspaceGroup)
  params: {
    workspaceName: workspaceName
    eventHubNamespaceId: namespaceResourceId
    eventHubName: eventHubName
    tableNames: exportTables
  }
  dependsOn: [hubs, workspace]
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'outrider-monitoring'
  params: {
    name: '${baseName}-insights'
    location: location
    tags: tags
    workspaceId: workspaceResourceId
    principalId: identity.outputs.principalId
    principalKey: identityId
  }
  dependsOn: [workspace]
}

module endpoints 'modules/private-endpoints.bicep' = if (privateNetworking) {
  name: 'outrider-private-endpoints'
  params: {
    namePrefix: baseName
    location: location
    tags: tags
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointsSubnetId ?? ''
    targets: concat(
      [
        { name: 'host-blob', id: hostStorage.outputs.id, group: 'blob' }
        { name: 'state-blob', id: stateStorage.outputs.id, group: 'blob' }
        { name: 'state-table', id: stateStorage.outputs.id, group: 'table' }
      ],
      ownNamespace ? [{ name: 'hubs', id: namespaceResourceId, group: 'namespace' }] : []
    )
  }
  dependsOn: [hubs]
}

module functions 'modules/functions.bicep' = {
  name: 'outrider-functions'
  params: {
    planName: '${baseName}-plan'
    appName: '${baseName}-app'
    location: location
    tags: tags
    identityId: identityId
    deploymentContainerUrl: '${hostStorage.outputs.blobEndpoint}${deploymentContainer}'
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyEvaluate: alwaysReadyEvaluate
    subnetId: network.?outputs.functionsSubnetId ?? ''
    // The names are those of src/config.ts (a test compares them). An empty value is as good as none.
    settings: {
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.outputs.clientId
      AzureWebJobsStorage__blobServiceUri: hostStorage.outputs.blobEndpoint
      EventHubConnection__credential: 'managedidentity'
      EventHubConnection__clientId: identity.outputs.clientId
      EventHubConnection__fullyQualifiedNamespace: hubs.outputs.fullyQualifiedNamespace
      EVENT_HUB_NAME: eventHubName
      EVENT_HUB_CONSUMER_GROUP: consumerGroupName
      FLUSH_SCHEDULE: flushSchedule
      OUTRIDER_STORAGE__tableServiceUri: stateStorage.outputs.tableEndpoint
      OUTRIDER_STORAGE__blobServiceUri: stateStorage.outputs.blobEndpoint
      OUTRIDER_TABLE_PREFIX: tablePrefix
      OUTRIDER_SINKS: sinks
      ALERTS_EVENT_HUB_NAME: alertsEventHubName
      AlertsEventHubConnection__fullyQualifiedNamespace: empty(alertsEventHubName)
        ? ''
        : hubs.outputs.fullyQualifiedNamespace
      LOGS_INGESTION_ENDPOINT: logsIngestion.outputs.endpoint
      LOGS_INGESTION_RULE_ID: logsIngestion.outputs.ruleId
      LOGS_INGESTION_STREAM: logsIngestion.outputs.stream
      OUTRIDER_GRACE: grace
      OUTRIDER_MAX_LATE: maxLate
      OUTRIDER_MAX_EARLY: maxEarly
      OUTRIDER_MAX_WAIT: maxWait
      OUTRIDER_MAX_WINDOWS_PER_FLUSH: string(maxWindowsPerFlush)
      OUTRIDER_MAX_ROWS_PER_WINDOW: string(maxRowsPerWindow)
      OUTRIDER_DEAD_LETTER_DAYS: string(deadLetterDays)
      OUTRIDER_DEFAULT_TABLE: defaultTable
      AZURE_CLIENT_ID: identity.outputs.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
    }
  }
  dependsOn: [endpoints]
}

module operationsAlerts 'modules/operations-alerts.bicep' = {
  name: 'outrider-operations-alerts'
  params: {
    namePrefix: baseName
    location: location
    tags: tags
    insightsId: insightsId
    eventHubNamespaceId: namespaceResourceId
    actionGroupIds: actionGroupIds
    deadLetterThreshold: deadLetterThreshold
  }
  dependsOn: [hubs, monitoring]
}

module workbook 'modules/workbook.bicep' = if (deployWorkbook) {
  name: 'outrider-workbook'
  params: {
    location: location
    tags: tags
    insightsId: insightsId
    workspaceId: workspaceResourceId
  }
  dependsOn: [monitoring]
}

@description('Name of the function app.')
output functionAppName string = functions.outputs.name

@description('Host name of the namespace that shippers send to.')
output eventHubNamespace string = hubs.outputs.fullyQualifiedNamespace

@description('Hub that shippers send to.')
output eventHubName string = eventHubName

@description('Hub that shippers need the role Azure Event Hubs Data Sender on (resource id).')
output eventHubId string = hubs.outputs.eventHubId

@description('Workspace with the table OutriderAlerts_CL (resource id).')
output workspaceId string = workspaceResourceId

@description('Client id of the identity of the functions.')
output identityClientId string = identity.outputs.clientId

@description('Table endpoint of the state.')
output stateTableEndpoint string = stateStorage.outputs.tableEndpoint

@description('Blob endpoint of the state.')
output stateBlobEndpoint string = stateStorage.outputs.blobEndpoint
