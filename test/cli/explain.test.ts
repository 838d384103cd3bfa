import { pageMarkdown } from '../../cli/explain/page-markdown';
import { pageText } from '../../cli/explain/page-text';
import { table, wrap } from '../../cli/io/columns';
import { chosenRules } from '../../cli/offline/catalogue';
import { type RulePage, rulePages } from '../../src/explain/page/page';
import type { Workspace } from '../../src/rules/workspace';
import { pageOf } from '../explain/page/rules';
import { openRepository, rulesOfRepository } from './repository';

let workspace: Workspace;
let pages: RulePage[];

beforeAll(async () => {
  workspace = await openRepository();
  pages = rulePages(workspace.rules, workspace.rules);
}, 60_000);

describe('the text of a page', () => {
  it('shows what a reader of a catalogue looks for', () => {
    const text = pageText(pages.find(({ id }) => id.startsWith('50cbf34a'))!);
    for (const line of [
      /^Severity +Medium$/m,
      /^Window +every 1h over 1h$/m,
      /^Techniques +T1021\.003 Remote Services: Distributed Component Object Model$/m,
      /^ {2}Event +Microsoft-Windows-Sysmon\/Operational +Microsoft-Windows-Sysmon +1 +Process creation$/m,
      /^ {8}4\.1 {2}ParentCommandLine =~/m,
      /^Indicators \(4\)$/m,
      /^ {2}EventID +eq +1 +stage 2 +1 other rule$/m,
      /^Output \(15 fields\)$/m,
      /^ {2}CommandLine +string +stage 6 \(key\), made by 3$/m,
      /^ {2}Flush +7 extend$/m,
      /! Sysmon before 13\.30 writes event 1 without ParentUser/,
    ])
      expect(text).toMatch(line);
  });

  it('keeps to the width, and no text of a rule can move the cursor', () => {
    const page = pageOf(`Event | where UserName == "a\\u001b[2Jb" and RenderedDescription has "${'long '.repeat(80)}"`);
    const text = pageText({ ...page, name: 'x\u001b]0;y\u0007' }, { width: 80 });
    expect(text).not.toContain('\u001b');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(82);
  });
});

describe('the Markdown of a page', () => {
  it('has the same sections, its tables closed and its code blocks beyond reach of their content', () => {
    const page = pageOf('Event | where UserName has "a|b" and EventLog == "`x`" | where RenderedDescription == "```"');
    const text = pageMarkdown(page);
    for (const title of ['Events', 'Stages', 'Indicators', 'Output', 'On the stream'])
      expect(text).toContain(`## ${title}\n`);
    expect(text).toContain('| `UserName` | has | `a\\|b` |');
    expect(text).toContain('`` `x` ``');
    expect(text).toContain('````kusto\n  where RenderedDescription == "```"\n  ````');
    expect(pageMarkdown({ ...page, name: '<script>' })).toContain('# \\<script\\>');
  });
});

describe('choosing a rule', () => {
  it('takes a file, a folder, an id, a name or the name of a file in any case', () => {
    const names = (name: string) => chosenRules(workspace, name).map(({ file }) => file.rule!.name);
    expect(names('lateral movement VIA dcom')).toEqual(['Lateral Movement via DCOM']);
    expect(names('50CBF34A-4cdd-45d7-b3f5-8b53a1d0d14f')).toEqual(['Lateral Movement via DCOM']);
    expect(names(`${rulesOfRepository}/lateral-movement-via-dcom.yaml`)).toEqual(['Lateral Movement via DCOM']);
    expect(names('lateral-movement-via-dcom')).toEqual(['Lateral Movement via DCOM']);
    expect(names('Lateral-Movement-via-DCOM.yaml')).toEqual(['Lateral Movement via DCOM']);
    expect(names(rulesOfRepository)).toHaveLength(workspace.rules.length);
    expect(() => names('Lateral Movement via DCON')).toThrow('Did you mean "Lateral Movement via DCOM"?');
  });
});

describe('columns', () => {
  it('break the widest cell and align the others', () => {
    expect(
      table(
        [
          ['a', 'one two three four five six'],
          ['bb', 'x'],
        ],
        24,
        2,
      ),
    ).toEqual(['  a   one two three four', '      five six', '  bb  x']);
  });

  it('wrap text with a hanging indent', () => {
    expect(wrap('one two three four five six seven', 24, 2)).toEqual(['  one two three four', '    five six seven']);
  });
});
