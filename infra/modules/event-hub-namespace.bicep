// A namespace of our own, without keys.

@description('Name of the namespace, unique in Azure.')
@minLength(6)
@maxLength(50)
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('Tier. Basic has no consumer groups beside $Default and is not offered; Premium takes processing units in place of throughput units.')
@allowed(['Standard', 'Premium'])
param sku string

@description('Throughput units (Standard: 1 MB/s in, 2 MB/s out each) or processing units (Premium) to begin with.')
@minValue(1)
@maxValue(40)
param capacity int

@description('Most throughput units that auto-inflate may go to (Standard only); no more than capacity: no auto-inflate.')
@minValue(1)
@maxValue(40)
param maximumThroughputUnits int

@description('Whether the namespace is reached over the internet. Disabled needs a private endpoint.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string

var inflates = sku == 'Standard' && maximumThroughputUnits > capacity

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  // Writes the capture, where there is one.
  identity: {
    type: 'SystemAssigned'
  }
  sku: {
    name: sku
    tier: sku
    capacity: capacity
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess
    isAutoInflateEnabled: inflates
    maximumThroughputUnits: inflates ? maximumThroughputUnits : 0
  }
}

@description('Resource id of the namespace.')
output id string = namespace.id

@description('Object id of the identity of the namespace.')
output principalId string = namespace.identity.principalId
