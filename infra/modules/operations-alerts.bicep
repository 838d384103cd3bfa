// Alerts about Outrider itself. What each means and what to do: docs/runbook.md.

@description('Start of the names.')
@minLength(3)
@maxLength(40)
param namePrefix string

@description('Azure region.')
param location string

@description('Tags of the resources.')
param tags object

@description('Application Insights (resource id).')
param insightsId string

@description('Namespace of the events (resource id).')
param eventHubNamespaceId string

@description('Action groups that are told (resource ids); none: alerts are only shown in the portal.')
param actionGroupIds string[]

@description('Dead letters in 15 minutes above which an alert is raised.')
@minValue(0)
@maxValue(1000000)
param deadLetterThreshold int

// Each query gives rows where something is wrong, or (flush-stopped) where all is well.
var rules = {
  'flush-stopped': {
    description: 'No flush has ended well for 15 minutes: no alerts are raised.'
    severity: 1
    query: 'requests | where name == "flush" and success == true'
    operator: 'LessThan'
    threshold: 1
    windowSize: 'PT15M'
    evaluationFrequency: 'PT5M'
  }
  'flush-behind': {
    description: 'Every flush of the last 30 minutes left windows waiting: alerts come late.'
    severity: 2
    query: 'traces | where operation_Name == "flush" | extend Result = parse_json(message) | where tostring(Result.message) == "flushed" | summarize Flushes = count(), Behind = countif(tolong(Result.waiting) > 0 or tobool(Result.more)) | where Flushes > 0 and Behind == Flushes'
    operator: 'GreaterThan'
    threshold: 0
    windowSize: 'PT30M'
    evaluationFrequency: 'PT5M'
  }
  'windows-failed': {
    description: 'Windows of some rule failed and were given up: what they held raised no alert.'
    severity: 1
    query: 'traces | where operation_Name == "flush" | extend Result = parse_json(message) | where tostring(Result.message) == "flushed" and tolong(Result.failed) > 0'
    operator: 'GreaterThan'
    threshold: 0
    windowSize: 'PT15M'
    evaluationFrequency: 'PT5M'
  }
  undelivered: {
    description: 'The last try to deliver alerts failed for some of them.'
    severity: 1
    query: 'traces | where operation_Name == "flush" | extend Result = parse_json(message) | extend Undelivered = tolong(Result.undelivered) | where tostring(Result.message) == "flushed" and tolong(Result.sent) + Undelivered > 0 | summarize arg_max(timestamp, Undelivered) | where Undelivered > 0'
    operator: 'GreaterThan'
    threshold: 0
    // A failed alert is tried again after at most an hour.
    windowSize: 'PT2H'
    evaluationFrequency: 'PT15M'
  }
  'dead-letters': {
    description: 'Records could not be evaluated and were put aside.'
    severity: 2
    query: 'traces | where operation_Name == "evaluate" | extend Result = parse_json(message) | where tostring(Result.message) == "evaluated" | summarize DeadLetters = sum(tolong(Result.deadLetters) * itemCount) | where DeadLetters > ${deadLetterThreshold}'
    operator: 'GreaterThan'
    threshold: 0
    windowSize: 'PT15M'
    evaluationFrequency: 'PT5M'
  }
  'messages-lost': {
    description: 'Messages were gone from the hub, or passed over, before they were evaluated.'
    severity: 1
    query: 'traces | extend Result = parse_json(message) | where tostring(Result.message) == "messages lost" or tolong(Result.lost) > 0'
    operator: 'GreaterThan'
    threshold: 0
    windowSize: 'PT15M'
    evaluationFrequency: 'PT5M'
  }
  'list-old': {
    description: 'A list that rules read has not been fetched anew for long: they look for what was known then.'
    severity: 3
    query: 'traces | extend Result = parse_json(message) | where tostring(Result.message) == "list is old"'
    operator: 'GreaterThan'
    threshold: 0
    windowSize: 'PT6H'
    evaluationFrequency: 'PT1H'
  }
  'plans-refused': {
    description: 'Rules that were deployed cannot be run by this version of the app: earlier ones run in their place, or none.'
    severity: 1
    query: 'traces | extend Result = parse_json(message) | where tostring(Result.message) in ("plans refused", "lists refused", "list refused", "a plan with open windows cannot be run by this version")'
    operator: 'GreaterThan'
    threshold: 0
    windowSize: 'PT1H'
    evaluationFrequency: 'PT15M'
  }
  'partition-stalled': {
    description: 'A partition stands still: the hub holds messages of it, and none has been evaluated for five minutes.'
    severity: 1
    query: 'traces | extend Result = parse_json(message) | where tostring(Result.message) == "partition stands still"'
    operator: 'GreaterThan'
    threshold: 0
    windowSize: 'PT10M'
    evaluationFrequency: 'PT5M'
  }
  'evaluate-failing': {
    description: 'Batches fail and are tried again: events wait in the hub.'
    severity: 2
    query: 'requests | where name == "evaluate" and success == false'
    operator: 'GreaterThan'
    threshold: 5
    windowSize: 'PT15M'
    evaluationFrequency: 'PT5M'
  }
}

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in items(rules): {
    name: '${namePrefix}-${rule.key}'
    location: location
    tags: tags
    properties: {
      displayName: 'Outrider: ${rule.key}'
      description: rule.value.description
      severity: rule.value.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: rule.value.evaluationFrequency
      windowSize: rule.value.windowSize
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.value.query
            timeAggregation: 'Count'
            operator: rule.value.operator
            threshold: rule.value.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: actionGroupIds
      }
    }
  }
]

resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${namePrefix}-hub-throttled'
  // Metric alerts live in no region.
  location: 'global'
  tags: tags
  properties: {
    description: 'The namespace turns requests away: it has too few throughput units for what is sent to it.'
    severity: 2
    enabled: true
    scopes: [eventHubNamespaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.EventHub/namespaces'
          metricName: 'ThrottledRequests'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      for group in actionGroupIds: {
        actionGroupId: group
      }
    ]
  }
}
