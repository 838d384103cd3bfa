/** A rule file in memory. */
export interface RuleText {
  readonly file: string;
  readonly text: string;
}

/** The Sysmon events that hosts send most. */
const IDS = [1, 3, 7, 10, 11, 12, 13, 22, 5, 23];
const FIELDS = ['CommandLine', 'Image', 'TargetFilename', 'TargetObject', 'ImageLoaded', 'QueryName'];

/** Text of a scheduled rule, hourly over an hour. */
export function ruleText(number: number, name: string, query: string): RuleText {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const lines = query.split('\n').map((line) => `  ${line.trim()}`);
  return {
    file: `made-${number}.yaml`,
    text: [
      `id: ${id}`,
      `name: ${name}`,
      'description: Made to measure with.',
      'severity: Low',
      'requiredDataConnectors: []',
      'queryFrequency: 1h',
      'queryPeriod: 1h',
      'triggerOperator: gt',
      'triggerThreshold: 0',
      'tactics: [Execution]',
      'relevantTechniques: []',
      'version: 1.0.0',
      'kind: Scheduled',
      'query: |',
      ...lines,
      '',
    ].join('\n'),
  };
}

/** Looks for one of several texts that hardly an event has, in a field cut out of EventData: what most rules of a catalogue do. */
function textRule(number: number): RuleText {
  const field = FIELDS[number % FIELDS.length]!;
  const tests = [
    `${field} has 'tool-${number}.exe' and ${field} contains 'malicious-option-${number}'`,
    `${field} has_any ('implant${number}', 'beacon${number}', 'stager${number}') or ${field} endswith @'\\\\payload-${number}.dll'`,
    `${field} contains 'c2-${number}.example.net' or ${field} matches regex @'(?i)drop-${number}[a-z]+[.]exe'`,
    `${field} startswith @'C:\\Users\\Public\\stage-${number}' or ${field} =~ @'C:\\ProgramData\\svc-${number}.exe'`,
  ];
  return ruleText(
    number,
    `Tool ${number}`,
    `Event
    | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational' and EventID == ${IDS[number % IDS.length]}
    | parse EventData with * '<Data Name="${field}">' ${field} '</Data>' *
    | where ${tests[number % tests.length]}
    | summarize Count = count(), StartTime = min(TimeGenerated), EndTime = max(TimeGenerated) by Computer, ${field}`,
  );
}

/** Counts every event of an id, but those of a host of its own: no two of them can share their state. */
export const countingRule = (number: number): RuleText =>
  ruleText(
    number,
    `Volume ${number}`,
    `Event
    | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational' and EventID == ${IDS[Math.floor(number / 10) % IDS.length]}
    | where Computer !~ 'exempt-${number}.corp.example.com'
    | summarize Count = count(), StartTime = min(TimeGenerated), EndTime = max(TimeGenerated) by Computer
    | where Count > 1000000`,
  );

/** `count` rules that each look for two texts of their own, both of which an event must hold. */
export const textRules = (count: number): RuleText[] =>
  Array.from({ length: count }, (_, i) =>
    ruleText(
      i + 1,
      `Texts ${i + 1}`,
      `Event
      | where EventLog =~ 'Microsoft-Windows-Sysmon/Operational' and EventID == ${IDS[i % IDS.length]}
      | parse EventData with * '<Data Name="Image">' Image '</Data>' *
      | where EventData has 'tool-${i + 1}.exe' and EventData contains 'malicious-option-${i + 1}'
      | summarize Count = count(), StartTime = min(TimeGenerated) by Computer, Image`,
    ),
  );

/** `count` rules, each tenth of which counts every event of an id. */
export const mixedRules = (count: number): RuleText[] =>
  Array.from({ length: count }, (_, i) => ((i + 1) % 10 === 0 ? countingRule(i + 1) : textRule(i + 1)));
