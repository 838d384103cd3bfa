// The rule Lateral Movement via DCOM as SQL, over NDJSON rows of the table `Event`: node bench/peers/duckdb.mjs FILE [THREADS]
// Prints one JSON line: { rows, version }, where rows are those of the rule's windows, as its alerts hold them.
import { DuckDBInstance, version } from '@duckdb/node-api';

const [file, threads] = process.argv.slice(2);

/** What `parse EventData with * 'NAME">' Name "<" *` gives: the shortest text behind the first place of the marker, and the whole chain or nothing. */
const cutOut = (column, names) =>
  `regexp_extract(${column}, '(?s)^.*?${names.map((name) => `${name}">(.*?)<`).join('.*?')}', [${names.map((name) => `'${name}'`).join(', ')}])`;

const SECOND = [
  ...[
    'ProcessGuid',
    'Image',
    'Description',
    'CurrentDirectory',
    'User',
    'LogonGuid',
    'ParentProcessGuid',
    'ParentImage',
  ],
  ...['ParentCommandLine', 'ParentUser'],
];

const sql = `
with events as (
  select TimeGenerated, EventID, Computer, EventData
  from read_ndjson($file, columns = {
    TimeGenerated: 'VARCHAR', EventLog: 'VARCHAR', EventID: 'INTEGER', Computer: 'VARCHAR', EventData: 'VARCHAR'
  }, maximum_object_size = 1048576)
  where lower(EventLog) = 'microsoft-windows-sysmon/operational' and EventID = 1
), first as (
  select *, ${cutOut('EventData', ['CommandLine', 'ParentCommandLine'])} as a from events
), chosen as (
  select * from first
  where lower(a.ParentCommandLine) = lower('C:\\Windows\\System32\\svchost.exe -k DcomLaunch')
    and lower(a.CommandLine) = lower('C:\\Windows\\System32\\mmc.exe -Embedding')
), second as (
  select *, ${cutOut('EventData', SECOND)} as b from chosen
)
select min(TimeGenerated) as StartTime, max(TimeGenerated) as EndTime, EventID, Computer, b.User as "User", b.ParentImage as ParentImage,
  b.ParentProcessGuid as ParentProcessGuid, b.ParentCommandLine as ParentCommandLine, b.ParentUser as ParentUser, b.Image as Image,
  b.ProcessGuid as ProcessGuid, a.CommandLine as CommandLine, b.Description as Description
from second
-- The rule runs each hour over an hour.
group by substr(TimeGenerated, 1, 13), EventID, Computer, b.User, b.ParentImage, b.ParentProcessGuid, b.ParentCommandLine, b.ParentUser, b.Image,
  b.ProcessGuid, a.CommandLine, b.Description
order by all`;

const instance = await DuckDBInstance.create(':memory:', threads === undefined ? {} : { threads });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(sql, { file });
process.stdout.write(`${JSON.stringify({ version: version(), rows: reader.getRowObjectsJson() })}\n`);
