// Outrider beside an existing Sentinel workspace: the whole deployment.
//
// Subscription scope: one command makes the resource group and everything in it, and nested deployments reach the workspace, the
// namespace and the storage account of a capture wherever they are in the subscription or another one of the tenant. Who may write to
// one resource group only deploys resources.bicep into it instead; the parameters are the same.
targetScope = 'subscription'

import { appSize, boardSettings, captureSettings, engineSettings, hubSize, incidentSettings, storageSettings } from 'types.bicep'

@description('Name of the environment: part of the name of the resource group, and the tag by which azd finds it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Azure region of all resources. Flex Consumption must be offered there.')
@minLength(3)
@maxLength(40)
param location string

@description('Resource group. It is made if it is not there. One that is there must be in the same region, and gets these tags in place of its own: to keep them, deploy resources.bicep.')
@minLength(1)
@maxLength(90)
param resourceGroupName string = 'rg-outrider-${environmentName}'

@description('Tags of all resources.')
param tags object = {}

@description('Start of all names: a letter, then lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param namePrefix string = 'outrider'

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

resource group 'Microsoft.Resources/resourceGroups@2024-07-01' = {
  name: resourceGroupName
  location: location
  tags: union(tags, { 'azd-env-name': environmentName })
}

module resources 'resources.bicep' = {
  name: 'outrider'
  scope: group
  params: {
    location: location
    tags: union(tags, { 'azd-env-name': environmentName })
    namePrefix: namePrefix
    workspaceId: workspaceId
    enableSentinel: enableSentinel
    retentionDays: retentionDays
    totalRetentionDays: totalRetentionDays
    eventHubNamespaceId: eventHubNamespaceId
    eventHubName: eventHubName
    createEventHub: createEventHub
    consumerGroupName: consumerGroupName
    alertsEventHubName: alertsEventHubName
    exportTables: exportTables
    deployWorkbook: deployWorkbook
    actionGroupIds: actionGroupIds
    deadLetterThreshold: deadLetterThreshold
    storage: storage
    privateNetworking: privateNetworking
    incidents: incidents
    capture: capture
    hubs: hubs
    app: app
    board: board
    engine: engine
    extraAppSettings: extraAppSettings
    networkAddressPrefix: networkAddressPrefix
  }
}

// azd keeps outputs as variables of the environment: hooks and commands read them.
@description('Resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output OUTRIDER_FUNCTION_APP string = resources.outputs.functionAppName

@description('Host name of the namespace that shippers send to.')
output OUTRIDER_EVENT_HUB_NAMESPACE string = resources.outputs.eventHubNamespace

@description('Hub that shippers send to.')
output OUTRIDER_EVENT_HUB string = resources.outputs.eventHubName

@description('Hub that shippers need the role Azure Event Hubs Data Sender on (resource id).')
output OUTRIDER_EVENT_HUB_ID string = resources.outputs.eventHubId

@description('Workspace with the table OutriderAlerts_CL (resource id).')
output OUTRIDER_WORKSPACE_ID string = resources.outputs.workspaceId

@description('Table endpoint of the state.')
output OUTRIDER_STORAGE_TABLE_ENDPOINT string = resources.outputs.stateTableEndpoint

@description('Blob endpoint of the state.')
output OUTRIDER_STORAGE_BLOB_ENDPOINT string = resources.outputs.stateBlobEndpoint

@description('Redundancy of the storage accounts: Standard_ZRS where the region has zones, unless storage.sku says otherwise.')
output OUTRIDER_STORAGE_SKU string = resources.outputs.storageSku
