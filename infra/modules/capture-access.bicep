// Lets the namespace write its capture into a container that is there.

@description('Name of the storage account, in the resource group that this module is deployed to.')
param accountName string

@description('Name of the container.')
param containerName string

@description('Object id of the identity of the namespace.')
param principalId string

@description('What role assignments are named after: the resource id that the object id belongs to. Known before anything is deployed, so that a what-if can show them.')
param principalKey string

// Storage Blob Data Contributor
var contributorRole = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = {
      name: containerName
    }
  }
}

resource write 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::container.id, principalKey, contributorRole)
  scope: account::blobs::container
  properties: {
    roleDefinitionId: contributorRole
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'The namespace writes its capture'
  }
}
