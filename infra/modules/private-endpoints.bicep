// Private endpoints, with the DNS zones that lead to them.

@description('Start of the names.')
@minLength(3)
@maxLength(40)
param namePrefix string

@description('Azure region.')
param location string

@description('Tags of the resources.')
param tags object

@description('Network that the zones are linked to (resource id).')
param networkId string

@description('Subnet of the endpoints (resource id).')
param subnetId string

@description('What is to be reached: name, resource id, group (blob, table, namespace).')
param targets { name: string, id: string, group: 'blob' | 'table' | 'namespace' }[]

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  namespace: 'privatelink.${environment().name == 'AzureUSGovernment' ? 'servicebus.usgovcloudapi.net' : 'servicebus.windows.net'}'
}
var groups = ['blob', 'table', 'namespace']

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for group in groups: {
    name: zoneNames[group]
    // Zones live in no region.
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (group, index) in groups: {
    parent: zone[index]
    name: '${namePrefix}-${group}'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for target in targets: {
    name: '${namePrefix}-${target.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            privateLinkServiceId: target.id
            groupIds: [target.group]
          }
        }
      ]
    }
  }
]

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (target, index) in targets: {
    parent: endpoint[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.group
          properties: {
            privateDnsZoneId: zone[indexOf(groups, target.group)].id
          }
        }
      ]
    }
  }
]
