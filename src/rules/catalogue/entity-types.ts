/**
 * Entity types that a rule can map, with their identifiers, and the combinations of which one must be mapped.
 * https://learn.microsoft.com/azure/sentinel/entities-reference
 */
export interface EntityType {
  identifiers: readonly string[];
  /** Each entry is a set of identifiers that is enough. */
  required: readonly (readonly string[])[];
}

const type = (identifiers: string, required: string): EntityType => ({
  identifiers: identifiers.split(' '),
  required: required.split(' ').map((set) => set.split('+')),
});

export const ENTITY_TYPES: ReadonlyMap<string, EntityType> = new Map(
  Object.entries({
    Account: type(
      'Name FullName NTDomain DnsDomain UPNSuffix Sid AadTenantId AadUserId PUID IsDomainJoined DisplayName ObjectGuid CloudAppAccountId',
      'FullName Sid Name AadUserId PUID ObjectGuid',
    ),
    AzureResource: type('ResourceId', 'ResourceId'),
    CloudApplication: type('AppId SaasId Name InstanceName InstanceId', 'AppId SaasId Name'),
    DNS: type('DomainName', 'DomainName'),
    File: type('Directory Name', 'Name'),
    FileHash: type('Algorithm Value', 'Algorithm+Value'),
    Host: type(
      'DnsDomain NTDomain HostName FullName NetBiosName AzureID OMSAgentID OSFamily OSVersion IsDomainJoined',
      'FullName HostName NetBiosName AzureID OMSAgentID',
    ),
    IoTDevice: type(
      'DeviceId DeviceName Manufacturer Model FirmwareVersion OperatingSystem MacAddress Protocols SerialNumber Source IoTSecurityAgentId DeviceType',
      'DeviceId',
    ),
    IP: type('Address AddressScope', 'Address'),
    Mailbox: type(
      'MailboxPrimaryAddress DisplayName Upn AadId ExternalDirectoryObjectId RiskLevel',
      'MailboxPrimaryAddress',
    ),
    MailCluster: type(
      'NetworkMessageIds CountByDeliveryStatus CountByThreatType CountByProtectionStatus CountByDeliveryLocation Threats Query QueryTime MailCount IsVolumeAnomaly Source ClusterSourceIdentifier ClusterSourceType ClusterQueryStartTime ClusterQueryEndTime ClusterGroup',
      'Query Source',
    ),
    MailMessage: type(
      'Recipient Urls Threats Sender P1Sender P1SenderDisplayName P1SenderDomain SenderIP P2Sender P2SenderDisplayName P2SenderDomain ReceivedDate NetworkMessageId InternetMessageId Subject BodyFingerprintBin1 BodyFingerprintBin2 BodyFingerprintBin3 BodyFingerprintBin4 BodyFingerprintBin5 AntispamDirection DeliveryAction DeliveryLocation Language ThreatDetectionMethods',
      'NetworkMessageId Recipient',
    ),
    Malware: type('Name Category', 'Name'),
    Process: type('ProcessId CommandLine ElevationToken CreationTimeUtc', 'CommandLine ProcessId'),
    RegistryKey: type('Hive Key', 'Key Hive'),
    RegistryValue: type('Name Value ValueType', 'Name'),
    SecurityGroup: type('DistinguishedName SID ObjectGuid', 'DistinguishedName SID ObjectGuid'),
    SubmissionMail: type(
      'NetworkMessageId Timestamp Recipient Sender SenderIp Subject ReportType SubmissionId SubmissionDate Submitter',
      'SubmissionId NetworkMessageId Recipient Submitter',
    ),
    URL: type('Url', 'Url'),
  }),
);
