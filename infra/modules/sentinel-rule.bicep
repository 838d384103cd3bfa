// The analytics rule that turns rows of OutriderAlerts_CL into Sentinel's alerts and incidents.

@description('Name of the workspace, in the resource group that this module is deployed to.')
param workspaceName string

@description('Whether the rule runs.')
param enabled bool

@description('How long a correction finds the incident of its alert: ISO 8601, 5 minutes to 7 days.')
@allowed(['PT5H', 'P1D', 'P2D', 'P3D', 'P7D'])
param lookbackDuration string

@description('Whether a correction opens an incident again that was closed.')
param reopenClosedIncident bool

var hosts = [
  for index in range(1, 2): {
    entityType: 'Host'
    fieldMappings: [
      { identifier: 'HostName', columnName: 'Host${index}Name' }
      { identifier: 'DnsDomain', columnName: 'Host${index}DnsDomain' }
      { identifier: 'NTDomain', columnName: 'Host${index}NTDomain' }
    ]
  }
]
var accounts = [
  for index in range(1, 2): {
    entityType: 'Account'
    fieldMappings: [
      { identifier: 'Name', columnName: 'Account${index}Name' }
      { identifier: 'NTDomain', columnName: 'Account${index}NTDomain' }
      { identifier: 'Sid', columnName: 'Account${index}Sid' }
    ]
  }
]
var addresses = [
  for index in range(1, 2): {
    entityType: 'IP'
    fieldMappings: [
      { identifier: 'Address', columnName: 'Address${index}' }
    ]
  }
]
var others = [
  {
    entityType: 'Process'
    fieldMappings: [
      { identifier: 'CommandLine', columnName: 'ProcessCommandLine' }
      { identifier: 'ProcessId', columnName: 'ProcessId' }
    ]
  }
  {
    entityType: 'File'
    fieldMappings: [
      { identifier: 'Name', columnName: 'FileName' }
      { identifier: 'Directory', columnName: 'FileDirectory' }
    ]
  }
  {
    entityType: 'FileHash'
    fieldMappings: [
      { identifier: 'Algorithm', columnName: 'HashAlgorithm' }
      { identifier: 'Value', columnName: 'HashValue' }
    ]
  }
  {
    entityType: 'URL'
    fieldMappings: [
      { identifier: 'Url', columnName: 'Url' }
    ]
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource rule 'Microsoft.SecurityInsights/alertRules@2025-09-01' = {
  // The same in every deployment: a second one updates the rule.
  name: guid(workspace.id, 'outrider-alerts')
  scope: workspace
  kind: 'Scheduled'
  properties: {
    displayName: 'Outrider alerts'
    description: 'Raises an incident for each alert that Outrider found on the event stream. Name, severity, tactics, techniques and entities are those of the alert. A correction joins the incident of its alert.'
    enabled: enabled
    // Where a row has no severity of its own.
    severity: 'Medium'
    query: loadTextContent('../sentinel-rule.kql')
    queryFrequency: 'PT5M'
    // How far back what was told before is looked up.
    queryPeriod: 'P1D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
    eventGroupingSettings: {
      aggregationKind: 'AlertPerResult'
    }
    entityMappings: concat(hosts, accounts, addresses, others)
    customDetails: {
      AlertId: 'AlertId'
      Revision: 'Revision'
      Status: 'Status'
      Incomplete: 'Incomplete'
      RuleId: 'RuleId'
      RuleName: 'RuleName'
      WindowStart: 'WindowStart'
      WindowEnd: 'WindowEnd'
      CompromisedEntity: 'CompromisedEntity'
      Details: 'RuleDetails'
    }
    alertDetailsOverride: {
      alertDisplayNameFormat: '{{Title}}'
      alertDescriptionFormat: '{{Summary}}'
      alertSeverityColumnName: 'Severity'
      alertTacticsColumnName: 'Tactics'
      alertDynamicProperties: [
        {
          alertProperty: 'Techniques'
          value: 'Techniques'
        }
      ]
    }
    incidentConfiguration: {
      createIncident: true
      groupingConfiguration: {
        enabled: true
        reopenClosedIncident: reopenClosedIncident
        lookbackDuration: lookbackDuration
        matchingMethod: 'Selected'
        groupByEntities: []
        groupByAlertDetails: []
        groupByCustomDetails: ['AlertId']
      }
    }
  }
}

@description('Resource id of the rule.')
output id string = rule.id
