// Parameters of `azd up` and of: az deployment sub create --parameters infra/main.bicepparam
// The variables are azd's; without azd, set them in the shell. What is not named here has its default: see main.bicep.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')

// Your Sentinel workspace, such as /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/NAME
param workspaceId = readEnvironmentVariable('OUTRIDER_SENTINEL_WORKSPACE_ID', '')

// A namespace and hub that events already arrive on; without one, both are made.
param eventHubNamespaceId = readEnvironmentVariable('OUTRIDER_EXISTING_NAMESPACE_ID', '')
param eventHubName = readEnvironmentVariable('OUTRIDER_HUB_NAME', 'sysmon')
param createEventHub = bool(readEnvironmentVariable('OUTRIDER_CREATE_HUB', 'true'))

// Tables of the workspace that are to be exported into the hub: ['Event']
param exportTables = []

// Further app settings, kept over deployments: JSON, or here as { NAME: 'value' }. See docs/cost.md.
param extraAppSettings = json(readEnvironmentVariable('OUTRIDER_APP_SETTINGS', '{}'))

// Who is told when Outrider is in trouble: resource ids of action groups.
param actionGroupIds = []
