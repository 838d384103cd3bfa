// Parameters that belong together. What is left out has the default that its description names.

@export()
@description('Settings of the engine: docs/settings.md. What is left out has the default of the code, which is the one named here.')
type engineSettings = {
  @description('When windows are looked at: NCRONTAB with six fields. Default: every minute.')
  @minLength(11)
  @maxLength(100)
  flushSchedule: string?

  @description('How long after its end a window is run, for all rules, such as 5m. Default: what rules/settings.yaml says.')
  @maxLength(20)
  grace: string?

  @description('An event that happened longer than this before the hub took it in goes to dead letters. Default: 24h.')
  @maxLength(20)
  maxLate: string?

  @description('An event stamped further than this into the future goes to dead letters. Default: 1h.')
  @maxLength(20)
  maxEarly: string?

  @description('How long a window waits for partitions that are behind. Default: 6h.')
  @maxLength(20)
  maxWait: string?

  @description('Most windows that are due, and most corrections, that one flush runs for one rule. Default: 100.')
  @minValue(1)
  @maxValue(100000)
  maxWindowsPerFlush: int?

  @description('After so long a flush begins nothing more, such as 4m. Twice of it, and a minute, must be less than functionTimeout in host.json. Default: 4m.')
  @maxLength(20)
  maxFlush: string?

  @description('Most rows or groups of a window held in memory. Default: 1,000,000.')
  @minValue(1)
  @maxValue(50000000)
  maxRowsPerWindow: int?

  @description('Most text of a window held in memory, characters: docs/architecture.md says how much memory that is. Default: 200,000,000.')
  @minValue(1)
  @maxValue(2000000000)
  maxTextPerWindow: int?

  @description('Days that dead letters are kept. Default: 30.')
  @minValue(1)
  @maxValue(3650)
  deadLetterDays: int?

  @description('How often lists that rules read by externaldata are fetched anew, at least 1h; 0: never. Default: 1d.')
  @maxLength(20)
  listsEvery: string?

  @description('Table of JSON records that do not name theirs. Default: none, such records are dead letters.')
  @maxLength(128)
  defaultTable: string?

  @description('Start of the names of Outrider\'s tables and containers: letters and digits, a letter first. Default: Outrider.')
  @minLength(1)
  @maxLength(30)
  tablePrefix: string?
}

@export()
@description('Size of a namespace and hub made here.')
type hubSize = {
  @description('Tier. Default: Standard.')
  sku: ('Standard' | 'Premium')?

  @description('Throughput units (or Premium processing units) to begin with. Default: 1.')
  @minValue(1)
  @maxValue(40)
  capacity: int?

  @description('Most throughput units that auto-inflate may go to (Standard). Default: 10.')
  @minValue(1)
  @maxValue(40)
  maximumCapacity: int?

  @description('Partitions: also the most instances of evaluate that can work at once. Cannot be changed later. Default: 8.')
  @minValue(1)
  @maxValue(32)
  partitionCount: int?

  @description('Hours that events are kept: how long Outrider may be down without losing any. Standard keeps at most 168. Default: 72.')
  @minValue(1)
  @maxValue(2160)
  retentionHours: int?
}

@export()
@description('Size of the function app.')
type appSize = {
  @description('Memory of an instance, MB; 512 is for a trickle of events, and a region may refuse it. Default: 2048.')
  instanceMemoryMB: (512 | 2048 | 4096)?

  @description('Most instances of each function. Default: 40.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int?

  @description('Instances of evaluate that are always there; 0: none, and the first events after a pause wait for a cold start. Default: 1.')
  @minValue(0)
  @maxValue(32)
  alwaysReadyEvaluate: int?
}

@export()
@description('The board, a page that the app serves to whom Entra ID has signed in: docs/board.md.')
type boardSettings = {
  @description('Application (client) id of the app registration that people sign in with. Default: none, the app serves no board.')
  @minLength(36)
  @maxLength(36)
  clientId: string?

  @description('Users who may see it (object ids). Default: none by name; without users and groups, whoever the registration lets sign in.')
  @maxLength(200)
  allowedUsers: string[]?

  @description('Groups who may see it (object ids). Default: none by name.')
  @maxLength(200)
  allowedGroups: string[]?
}

@export()
@description('Storage accounts.')
type storageSettings = {
  @description('Redundancy. It cannot be changed from or to a zone-redundant one by a deployment. Default: Standard_ZRS where the region has availability zones, else Standard_LRS.')
  sku: ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS')?

  @description('Days that deleted blobs can be brought back. Default: 7.')
  @minValue(1)
  @maxValue(365)
  softDeleteDays: int?
}

@export()
@description('Incidents from the table of alerts.')
type incidentSettings = {
  @description('Whether the analytics rule that raises them is made. Default: true.')
  deployRule: bool?

  @description('How long a correction finds the incident of its alert. Default: P7D.')
  lookback: ('PT5H' | 'P1D' | 'P2D' | 'P3D' | 'P7D')?

  @description('Whether a correction opens an incident again that was closed. Default: true.')
  reopenClosed: bool?
}

@export()
@description('Capture of the raw events by a namespace made here.')
type captureSettings = {
  @description('Storage account (resource id). Default: none, no capture.')
  @maxLength(500)
  storageAccountId: string?

  @description('Container; it must be there. Default: capture.')
  @minLength(3)
  @maxLength(63)
  containerName: string?
}
