// Outrider beside an existing Sentinel workspace: the whole deployment.
//
// Subscription scope: one command makes the resource group and everything in it, and nested deployments reach the workspace, the
// namespace and the storage account of a capture wherever they are in the subscription or another one of the tenant. Who may write to
// one resource group only deploys resources.bicep into it instead; the parameters are the same.
targetScope = 'subscription'

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
    partitionCount: partitionCount
    hubRetentionHours: hubRetentionHours
    consumerGroupName: consumerGroupName
    eventHubSku: eventHubSku
    eventHubCapacity: eventHubCapacity
    eventHubMaximumCapacity: eventHubMaximumCapacity
    captureStorageAccountId: captureStorageAccountId
    captureContainerName: captureContainerName
    alertsEventHubName: alertsEventHubName
    exportTables: exportTables
    deploySentinelRule: deploySentinelRule
    incidentLookback: incidentLookback
    reopenClosedIncidents: reopenClosedIncidents
    deployWorkbook: deployWorkbook
    actionGroupIds: actionGroupIds
    deadLetterThreshold: deadLetterThreshold
    storageSku: storageSku
    softDeleteDays: softDeleteDays
    privateNetworking: privateNetworking
    networkAddressPrefix: networkAddressPrefix
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyEvaluate: alwaysReadyEvaluate
    flushSchedule: flushSchedule
    grace: grace
    maxLate: maxLate
    maxEarly: maxEarly
    maxWait: maxWait
    maxWindowsPerFlush: maxWindowsPerFlush
    maxRowsPerWindow: maxRowsPerWindow
    deadLetterDays: deadLetterDays
    defaultTable: defaultTable
    tablePrefix: tablePrefix
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

@description('Client id of the identity of the functions.')
output OUTRIDER_IDENTITY_CLIENT_ID string = resources.outputs.identityClientId

@description('Table endpoint of the state.')
output OUTRIDER_STORAGE_TABLE_ENDPOINT string = resources.outputs.stateTableEndpoint

@description('Blob endpoint of the state.')
output OUTRIDER_STORAGE_BLOB_ENDPOINT string = resources.outputs.stateBlobEndpoint
