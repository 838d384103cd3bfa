// What a deployment refuses before it makes anything. A name in quotation marks is a parameter's.

// What moved into functionAppConfig, or means nothing on Flex Consumption: such a setting is ignored there, or breaks the start.
// https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
@export()
var notOnFlexConsumption = [
  'ENABLE_ORYX_BUILD'
  'FUNCTIONS_EXTENSION_VERSION'
  'FUNCTIONS_MAX_HTTP_CONCURRENCY'
  'FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED'
  'FUNCTIONS_WORKER_PROCESS_COUNT'
  'FUNCTIONS_WORKER_RUNTIME'
  'FUNCTIONS_WORKER_RUNTIME_VERSION'
  'SCM_DO_BUILD_DURING_DEPLOYMENT'
  'TZ'
  'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING'
  'WEBSITE_CONTENTOVERVNET'
  'WEBSITE_CONTENTSHARE'
  'WEBSITE_DNS_SERVER'
  'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT'
  'WEBSITE_NODE_DEFAULT_VERSION'
  'WEBSITE_RUN_FROM_PACKAGE'
  'WEBSITE_SKIP_CONTENTSHARE_VALIDATION'
  'WEBSITE_TIME_ZONE'
  'WEBSITE_VNET_ROUTE_ALL'
]

@export()
@description('The settings, if each may be set on Flex Consumption; whichever the case of its letters.')
func checkedSettings(settings object, forbidden string[]) object =>
  empty(intersection(map(objectKeys(settings), key => toUpper(key)), forbidden))
    ? settings
    : fail('extraAppSettings: Flex Consumption does not take ${join(intersection(map(objectKeys(settings), key => toUpper(key)), forbidden), ', ')}. Leave it out: runtime, scale and package are set by other parameters.')

@export()
@description('The tables, if the workspace can send them to the hub. Whether a data export reaches a namespace that is closed to public networks is not proven.')
func checkedExport(tables string[], isClosed bool) string[] =>
  isClosed && !empty(tables)
    ? fail('exportTables cannot be used with privateNetworking and a namespace made here: the workspace could not reach it. Export to a namespace of yours (eventHubNamespaceId), or leave privateNetworking off.')
    : tables
