// A network of our own: the app goes out through one subnet, storage and hub are reached through private endpoints in the other.

@description('Start of the names.')
@minLength(3)
@maxLength(40)
param namePrefix string

@description('Azure region.')
param location string

@description('Tags of the resources.')
param tags object

@description('Address space, a /24 or larger.')
param addressPrefix string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${namePrefix}-vnet'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'flex'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource functions 'subnets' existing = {
    name: 'functions'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

@description('Resource id of the network.')
output id string = network.id

@description('Subnet of the app.')
output functionsSubnetId string = network::functions.id

@description('Subnet of the private endpoints.')
output endpointsSubnetId string = network::endpoints.id
