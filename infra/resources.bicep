// Everything of Outrider in one resource group. main.bicep makes the group and deploys this; who may only write to one deploys this itself.
targetScope = 'resourceGroup'

import { checkedExport, checkedSettings, notOnFlexConsumption } from 'checks.bicep'
import { appSize, boardSettings, captureSettings, engineSettings, hubSize, incidentSettings, storageSettings } from 'types.bicep'

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

@description('Consumer group that Outrider makes for itself.')
@minLength(1)
@maxLength(50)
param consumerGroupName string = 'outrider'

@description('Hub in the same namespace that alerts are sent to, beside the workspace. Empty: none.')
@maxLength(256)
param alertsEventHubName string = ''

@description('Tables of the workspace to export into the hub, such as Event. Empty: none. The workspace\'s own limits hold (10 rules).')
@maxLength(10)
param exportTables string[] = []

@description('Whether the workbook is made.')
param deployWorkbook bool = true

@description('Action groups that are told when Outrider itself is in trouble (resource ids).')
param actionGroupIds string[] = []

@description('Dead letters in 15 minutes above which an alert is raised.')
@minValue(0)
@maxValue(1000000)
param deadLetterThreshold int = 0

@description('Whether storage and a namespace made here are reached only through private endpoints in a network made here. Shippers then need a way into that network.')
param privateNetworking bool = false

@description('Address space of that network, a /24 or larger.')
@minLength(9)
@maxLength(18)
param networkAddressPrefix string = '10.180.0.0/24'

@description('Size of a namespace and hub made here.')
param hubs hubSize = {}

@description('Storage accounts.')
param storage storageSettings = {}

@description('Incidents from the table of alerts. They need Sentinel on the workspace.')
param incidents incidentSettings = {}

@description('Where a namespace made here captures the raw events. Default: nowhere.')
param capture captureSettings = {}

@description('Size of the function app.')
param app appSize = {}

@description('The board that the app serves. Default: none.')
param board boardSettings = {}

@description('Settings of the engine.')
param engine engineSettings = {}

@description('App settings beside those that a deployment makes, and in their place where they have the same name. What is set by hand, in the portal or with az, is gone after the next deployment; this stays. Such as AzureFunctionsJobHost__extensions__eventHubs__minEventBatchSize: "500".')
param extraAppSettings { *: string } = {}

var suffix = take(uniqueString(resourceGroup().id, namePrefix), 8)
var baseName = '${toLower(namePrefix)}-${suffix}'
var ownNamespace = empty(eventHubNamespaceId)
var ownWorkspace = empty(workspaceId)
var tablePrefix = engine.?tablePrefix ?? 'Outrider'
var sinks = empty(alertsEventHubName) ? 'logs-ingestion' : 'logs-ingestion,event-hub'
var identityId = resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '${baseName}-identity')
var deploymentContainer = 'app-package'
// The region has zones for storage where it has them for virtual machines; that is what Resource Manager can be asked.
var storageSku = storage.?sku ?? (empty(pickZones('Microsoft.Compute', 'virtualMachines', location))
  ? 'Standard_LRS'
  : 'Standard_ZRS')
var publicNetworkAccess = privateNetworking ? 'Disabled' : 'Enabled'

var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a390df84e7d1'
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
    containers: [{ name: deploymentContainer, role: '' }]
    softDeleteDays: storage.?softDeleteDays ?? 7
    principalId: identity.outputs.principalId
    principalKey: identityId
    accountRoles: [roles.storageBlobDataOwner]
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
    containers: [
      { name: '${toLower(tablePrefix)}-dead-letters', role: roles.storageBlobDataContributor }
      { name: '${toLower(tablePrefix)}-lists', role: roles.storageBlobDataContributor }
      // Written by who deploys rules, and only read by the app.
      { name: '${toLower(tablePrefix)}-plans', role: roles.storageBlobDataReader }
    ]
    softDeleteDays: storage.?softDeleteDays ?? 7
    principalId: identity.outputs.principalId
    principalKey: identityId
    // Tables are made by the app, so that the role cannot be on them one by one.
    accountRoles: [roles.storageTableDataContributor]
  }
}

module namespace 'modules/event-hub-namespace.bicep' = if (ownNamespace) {
  name: 'outrider-event-hub-namespace'
  params: {
    name: '${baseName}-hubs'
    location: location
    tags: tags
    sku: hubs.?sku ?? 'Standard'
    capacity: hubs.?capacity ?? 1
    maximumThroughputUnits: hubs.?maximumCapacity ?? 10
    publicNetworkAccess: publicNetworkAccess
  }
}

var captureAccountId = ownNamespace ? capture.?storageAccountId ?? '' : ''
var captureContainer = capture.?containerName ?? 'capture'

module captureAccess 'modules/capture-access.bicep' = if (!empty(captureAccountId)) {
  name: 'outrider-capture-access'
  scope: resourceGroup(
    split(captureAccountId, '/')[?2] ?? subscription().subscriptionId,
    split(captureAccountId, '/')[?4] ?? resourceGroup().name
  )
  params: {
    accountName: last(split(captureAccountId, '/'))
    containerName: captureContainer
    principalId: namespace.?outputs.principalId ?? ''
    principalKey: namespaceResourceId
  }
}

var namespaceSegments = split(eventHubNamespaceId, '/')

module eventHubs 'modules/event-hubs.bicep' = {
  name: 'outrider-event-hubs'
  scope: resourceGroup(
    namespaceSegments[?2] ?? subscription().subscriptionId,
    namespaceSegments[?4] ?? resourceGroup().name
  )
  params: {
    namespaceName: ownNamespace ? '${baseName}-hubs' : last(namespaceSegments)
    eventHubName: eventHubName
    createEventHub: createEventHub || ownNamespace
    partitionCount: hubs.?partitionCount ?? 8
    retentionHours: hubs.?retentionHours ?? 72
    consumerGroupName: consumerGroupName
    alertsEventHubName: alertsEventHubName
    captureStorageAccountId: captureAccountId
    captureContainerName: captureContainer
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

module workspaceSide 'modules/workspace-side.bicep' = {
  name: 'outrider-workspace-side'
  scope: resourceGroup(workspaceSubscription, workspaceGroup)
  params: {
    workspaceName: workspaceName
    retentionDays: retentionDays
    totalRetentionDays: totalRetentionDays
    deployRule: (incidents.?deployRule ?? true) && (enableSentinel || !ownWorkspace)
    incidentLookback: incidents.?lookback ?? 'P7D'
    reopenClosedIncidents: incidents.?reopenClosed ?? true
    exportTables: checkedExport(exportTables, privateNetworking && ownNamespace)
    eventHubNamespaceId: namespaceResourceId
    eventHubName: eventHubName
  }
  dependsOn: [workspace, eventHubs]
}

module logsIngestion 'modules/logs-ingestion.bicep' = {
  name: 'outrider-logs-ingestion'
  params: {
    name: '${baseName}-alerts'
    location: workspaceSide.outputs.location
    tags: tags
    workspaceId: workspaceResourceId
    principalId: identity.outputs.principalId
    principalKey: identityId
  }
}

module operations 'modules/operations.bicep' = {
  name: 'outrider-operations'
  params: {
    namePrefix: baseName
    location: location
    tags: tags
    workspaceId: workspaceResourceId
    eventHubNamespaceId: namespaceResourceId
    actionGroupIds: actionGroupIds
    deadLetterThreshold: deadLetterThreshold
    deployWorkbook: deployWorkbook
    principalId: identity.outputs.principalId
    principalKey: identityId
  }
  dependsOn: [workspace, eventHubs]
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
  dependsOn: [eventHubs]
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
    instanceMemoryMB: app.?instanceMemoryMB ?? 2048
    maximumInstanceCount: app.?maximumInstanceCount ?? 40
    alwaysReadyEvaluate: app.?alwaysReadyEvaluate ?? 1
    subnetId: network.?outputs.functionsSubnetId ?? ''
    extraSettings: checkedSettings(extraAppSettings, notOnFlexConsumption)
    // The names are those of src/config.ts (a test compares them). An empty value is as good as none.
    settings: {
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.outputs.clientId
      AzureWebJobsStorage__blobServiceUri: hostStorage.outputs.blobEndpoint
      EventHubConnection__credential: 'managedidentity'
      EventHubConnection__clientId: identity.outputs.clientId
      EventHubConnection__fullyQualifiedNamespace: eventHubs.outputs.fullyQualifiedNamespace
      EVENT_HUB_NAME: eventHubName
      EVENT_HUB_CONSUMER_GROUP: consumerGroupName
      FLUSH_SCHEDULE: engine.?flushSchedule ?? '0 * * * * *'
      OUTRIDER_STORAGE__tableServiceUri: stateStorage.outputs.tableEndpoint
      OUTRIDER_STORAGE__blobServiceUri: stateStorage.outputs.blobEndpoint
      OUTRIDER_TABLE_PREFIX: tablePrefix
      OUTRIDER_PLANS: 'blob:'
      OUTRIDER_SINKS: sinks
      ALERTS_EVENT_HUB_NAME: alertsEventHubName
      AlertsEventHubConnection__fullyQualifiedNamespace: empty(alertsEventHubName)
        ? ''
        : eventHubs.outputs.fullyQualifiedNamespace
      LOGS_INGESTION_ENDPOINT: logsIngestion.outputs.endpoint
      LOGS_INGESTION_RULE_ID: logsIngestion.outputs.ruleId
      LOGS_INGESTION_STREAM: logsIngestion.outputs.stream
      OUTRIDER_GRACE: engine.?grace ?? ''
      OUTRIDER_MAX_LATE: engine.?maxLate ?? ''
      OUTRIDER_MAX_EARLY: engine.?maxEarly ?? ''
      OUTRIDER_MAX_WAIT: engine.?maxWait ?? ''
      OUTRIDER_MAX_WINDOWS_PER_FLUSH: string(engine.?maxWindowsPerFlush ?? '')
      OUTRIDER_MAX_FLUSH: engine.?maxFlush ?? ''
      OUTRIDER_MAX_ROWS_PER_WINDOW: string(engine.?maxRowsPerWindow ?? '')
      OUTRIDER_MAX_TEXT_PER_WINDOW: string(engine.?maxTextPerWindow ?? '')
      OUTRIDER_DEAD_LETTER_DAYS: string(engine.?deadLetterDays ?? '')
      OUTRIDER_LISTS_EVERY: engine.?listsEvery ?? ''
      OUTRIDER_DEFAULT_TABLE: engine.?defaultTable ?? ''
      OUTRIDER_BOARD: empty(board.?clientId ?? '') ? '' : 'entra'
      // The sign-in takes the managed identity for the secret of its registration.
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: empty(board.?clientId ?? '') ? '' : identity.outputs.clientId
      AZURE_CLIENT_ID: identity.outputs.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: operations.outputs.connectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
    }
  }
  dependsOn: [endpoints]
}

module boardSignIn 'modules/board-sign-in.bicep' = if (!empty(board.?clientId ?? '')) {
  name: 'outrider-board-sign-in'
  params: {
    appName: '${baseName}-app'
    clientId: board.?clientId ?? ''
    identitySettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
    allowedUsers: board.?allowedUsers ?? []
    allowedGroups: board.?allowedGroups ?? []
  }
  dependsOn: [functions]
}

@description('Name of the function app.')
output functionAppName string = functions.outputs.name

@description('Host name of the namespace that shippers send to.')
output eventHubNamespace string = eventHubs.outputs.fullyQualifiedNamespace

@description('Hub that shippers send to.')
output eventHubName string = eventHubName

@description('Hub that shippers need the role Azure Event Hubs Data Sender on (resource id).')
output eventHubId string = eventHubs.outputs.eventHubId

@description('Workspace with the table OutriderAlerts_CL (resource id).')
output workspaceId string = workspaceResourceId

@description('Table endpoint of the state.')
output stateTableEndpoint string = stateStorage.outputs.tableEndpoint

@description('Blob endpoint of the state.')
output stateBlobEndpoint string = stateStorage.outputs.blobEndpoint

@description('Redundancy of the storage accounts.')
output storageSku string = storageSku
