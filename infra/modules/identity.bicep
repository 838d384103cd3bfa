// The identity that the functions run as. Every right it has is given beside the resource that the right is for.

@description('Name of the identity.')
@minLength(3)
@maxLength(128)
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Object id that roles are given to.')
output principalId string = identity.properties.principalId

@description('Client id that the app signs in with.')
output clientId string = identity.properties.clientId
