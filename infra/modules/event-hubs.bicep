// The hub with the events, Outrider's consumer group in it, the hub for alerts, and what the identity may do with them. The namespace may
// be one that was there before.

@description('Name of the namespace, in the resource group that this module is deployed to.')
param namespaceName string

@description('Hub with the events.')
@minLength(1)
@maxLength(256)
param eventHubName string

@description('Whether to make the hub. False: it is there, and only the consumer group and the role are added.')
param createEventHub bool

@description('Partitions of the hub. Also the most instances of evaluate that can work at once. It cannot be changed later (Standard).')
@minValue(1)
@maxValue(32)
param partitionCount int

@description('Hours that the hub keeps events: how long Outrider may be down without losing any.')
@minValue(1)
@maxValue(2160)
param retentionHours int

@description('Consumer group of Outrider alone.')
@minLength(1)
@maxLength(50)
param consumerGroupName string

@description('Hub that alerts are sent to; empty: none.')
@maxLength(256)
param alertsEventHubName string

@description('Storage account that the events are captured to (resource id); empty: no capture. The namespace writes there with its own identity.')
param captureStorageAccountId string

@description('Container of the capture.')
param captureContainerName string

@description('Object id of the identity of the functions.')
param principalId string

@description('What role assignments are named after: the resource id that the object id belongs to. Known before anything is deployed, so that a what-if can show them.')
param principalKey string

// Azure Event Hubs Data Receiver
var receiverRole = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde')
// Azure Event Hubs Data Sender
var senderRole = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '2b629674-e913-4c01-ae53-ef4638d8f975')

var capture = {
  captureDescription: {
    enabled: true
    encoding: 'Avro'
    intervalInSeconds: 300
    sizeLimitInBytes: 314572800
    skipEmptyArchives: true
    destination: {
      name: 'EventHubArchive.AzureBlockBlob'
      identity: {
        type: 'SystemAssigned'
      }
      properties: {
        storageAccountResourceId: captureStorageAccountId
        blobContainer: captureContainerName
        archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}'
      }
    }
  }
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource newHub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = if (createEventHub) {
  parent: namespace
  name: eventHubName
  properties: {
    partitionCount: partitionCount
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: retentionHours
    }
    ...(empty(captureStorageAccountId) ? {} : capture)
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' existing = {
  parent: namespace
  name: eventHubName
}

resource consumerGroup 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: hub
  name: consumerGroupName
  dependsOn: [newHub]
}

resource receive 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hub.id, principalKey, receiverRole)
  scope: hub
  properties: {
    roleDefinitionId: receiverRole
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Outrider reads events'
  }
  dependsOn: [newHub]
}

resource alertsHub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = if (!empty(alertsEventHubName)) {
  parent: namespace
  name: empty(alertsEventHubName) ? 'none' : alertsEventHubName
  properties: {
    partitionCount: 2
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: retentionHours
    }
  }
}

resource send 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(alertsEventHubName)) {
  name: guid(alertsHub.id, principalKey, senderRole)
  scope: alertsHub
  properties: {
    roleDefinitionId: senderRole
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Outrider sends alerts'
  }
}

@description('Host name of the namespace.')
output fullyQualifiedNamespace string = split(split(namespace.properties.serviceBusEndpoint, '://')[1], ':')[0]

@description('Resource id of the hub with the events.')
output eventHubId string = hub.id
