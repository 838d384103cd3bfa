/** How a mapped entity type appears in an alert. */
export interface EntityForm {
  /** Value of `Type`. */
  type: string;
  /** Sets of properties of which one must have values, else the row yields no such entity. */
  required: readonly (readonly string[])[];
}

const form = (type: string, required: string): EntityForm => ({
  type,
  required: required.split(' ').map((set) => set.split('+')),
});

/** Sentinel's `Type` of each entity type a rule can map. https://learn.microsoft.com/azure/sentinel/entities-reference */
export const ENTITY_FORMS: ReadonlyMap<string, EntityForm> = new Map(
  Object.entries({
    Account: form('account', 'Name Sid AadUserId PUID ObjectGuid'),
    AzureResource: form('azure-resource', 'ResourceId'),
    CloudApplication: form('cloud-application', 'AppId SaasId Name'),
    DNS: form('dns', 'DomainName'),
    File: form('file', 'Name'),
    FileHash: form('filehash', 'Algorithm+Value'),
    Host: form('host', 'HostName NetBiosName AzureID OMSAgentID'),
    IoTDevice: form('iotdevice', 'DeviceId'),
    IP: form('ip', 'Address'),
    Mailbox: form('mailbox', 'MailboxPrimaryAddress'),
    MailCluster: form('mail-cluster', 'Query Source'),
    MailMessage: form('mail-message', 'NetworkMessageId Recipient'),
    Malware: form('malware', 'Name'),
    Process: form('process', 'CommandLine ProcessId'),
    RegistryKey: form('registry-key', 'Key Hive'),
    RegistryValue: form('registry-value', 'Name'),
    SecurityGroup: form('security-group', 'DistinguishedName SID ObjectGuid'),
    SubmissionMail: form('SubmissionMail', 'SubmissionId NetworkMessageId Recipient Submitter'),
    URL: form('url', 'Url'),
  }),
);

/**
 * Accounts named by one of these are dropped from alerts: they are on every machine.
 * https://learn.microsoft.com/azure/sentinel/entities-reference#weak-identifiers-of-an-account-entity
 */
export const BUILT_IN_ACCOUNTS: ReadonlySet<string> = new Set([
  'ADMIN',
  'ADMINISTRATOR',
  'SYSTEM',
  'ROOT',
  'ANONYMOUS',
  'AUTHENTICATED USER',
  'NETWORK',
  'NULL',
  'LOCAL SYSTEM',
  'LOCALSYSTEM',
  'NETWORK SERVICE',
]);

/** Domains of accounts that exist on one machine only. */
export const LOCAL_DOMAINS: ReadonlySet<string> = new Set([
  'NT AUTHORITY',
  'BUILTIN',
  'WORKGROUP',
  'NT SERVICE',
  'WINDOW MANAGER',
  'FONT DRIVER HOST',
  '.',
]);
