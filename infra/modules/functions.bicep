// The function app, on Flex Consumption.

@description('Name of the plan.')
@minLength(1)
@maxLength(60)
param planName string

@description('Name of the function app, unique in Azure.')
@minLength(2)
@maxLength(60)
param appName string

@description('Azure region.')
param location string

@description('Tags of the resources.')
param tags object

@description('Identity that the app runs as (resource id).')
param identityId string

@description('Container that the app is deployed to (address).')
param deploymentContainerUrl string

@description('App settings by name.')
param settings object

@description('App settings by name, in the place of those above that have the same name.')
param extraSettings { *: string }

@description('Memory of an instance, MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Most instances of each function. More than the hub has partitions is of no use for evaluate.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances of evaluate that are always there: without one the first events after a pause wait for a cold start.')
@minValue(0)
@maxValue(32)
param alwaysReadyEvaluate int

@description('Subnet for the app\'s outgoing traffic (resource id); empty: none.')
param subnetId string

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: appName
  location: location
  // azd deploy finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'outrider' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientCertEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyEvaluate == 0
          ? []
          : [
              {
                name: 'function:evaluate'
                instanceCount: alwaysReadyEvaluate
              }
            ]
      }
      runtime: {
        name: 'node'
        version: '22'
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, extraSettings)
  }
}

// No user name and password for deployments: an Entra ID sign-in is needed.
resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

@description('Name of the function app.')
output name string = app.name

@description('Host name of the function app.')
output hostName string = app.properties.defaultHostName
