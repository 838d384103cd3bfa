// Sign-in with Entra ID before the board that the app serves. Made only where the board is turned on.

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param appName string

@description('Application (client) id of the app registration that people sign in with.')
@minLength(36)
@maxLength(36)
param clientId string

@description('Name of the app setting with the client id of the managed identity that stands for a secret of the registration.')
@minLength(1)
param identitySettingName string

@description('Who may see the board: object ids of users. Empty: whoever the registration lets sign in.')
param allowedUsers string[]

@description('Who may see the board: object ids of groups. Empty: whoever the registration lets sign in.')
param allowedGroups string[]

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

var principals = empty(allowedUsers) && empty(allowedGroups)
  ? {}
  : {
      defaultAuthorizationPolicy: {
        allowedPrincipals: {
          identities: allowedUsers
          groups: allowedGroups
        }
      }
    }

resource signIn 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      // Monitors bring the function's key, not a person.
      excludedPaths: ['/api/health']
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          clientSecretSettingName: identitySettingName
        }
        validation: union({ allowedAudiences: ['api://${clientId}', clientId] }, principals)
      }
    }
    login: {
      // Nothing of the board needs the tokens once somebody is signed in.
      tokenStore: {
        enabled: false
      }
    }
    httpSettings: {
      requireHttps: true
    }
  }
}
