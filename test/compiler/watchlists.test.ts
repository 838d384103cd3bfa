import { createCompiler } from '../../src/compiler/compile';
import { parseWatchlist } from '../../src/rules/watchlists';
import { runQuery } from '../support/kql';

const watchlists = new Map([
  ['VIP', parseWatchlist('\uFEFFUser Principal,Tier\r\nalice,1\r\n"bo,b",2\r\n')],
  ['Hosts', parseWatchlist('Name,SearchKey\nDC01,dc01.corp\n')],
]);
const compiler = createCompiler(
  [
    {
      name: 'Logons',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Account', type: 'string' },
      ],
    },
  ],
  [{ name: 'Vips', parameters: '(list:string="VIP")', body: '{ _GetWatchlist(list) | project SearchKey }' }],
  { external: () => undefined, watchlists },
);
const rows = (text: string): unknown[][] => runQuery(compiler, text).rows;

describe('watchlists', () => {
  it('has the columns of the file, with the first as the search key', () => {
    expect(rows("_GetWatchlist('VIP') | project SearchKey, Tier = toint(Tier), ['User Principal']")).toEqual([
      ['alice', 1, 'alice'],
      ['bo,b', 2, 'bo,b'],
    ]);
  });

  it('takes a column called SearchKey as the search key', () => {
    expect(rows("_GetWatchlist('Hosts') | project SearchKey, Name, isnull(TimeGenerated)")).toEqual([
      ['dc01.corp', 'DC01', true],
    ]);
  });

  it('takes the alias from a let, a parameter or a named argument', () => {
    expect(rows("let n = 'VIP'; _GetWatchlist(n) | count")).toEqual([[2]]);
    expect(rows("let f = (x:string) { _GetWatchlist(x) | project Name }; f('Hosts')")).toEqual([['DC01']]);
    expect(rows("_GetWatchlist(watchlistAlias='Hosts') | project Name")).toEqual([['DC01']]);
    expect(rows('Vips | where SearchKey startswith "a"')).toEqual([['alice']]);
  });

  it('filters with in (…)', () => {
    expect(rows("print Account = 'ALICE' | where Account in~ ((_GetWatchlist('VIP') | project SearchKey))")).toEqual([
      ['ALICE'],
    ]);
  });

  it('lists the aliases', () => {
    expect(rows('_GetWatchlistAlias | sort by WatchlistAlias asc')).toEqual([['Hosts'], ['VIP']]);
    expect(rows('_GetWatchlistAlias() | count')).toEqual([[2]]);
  });

  it('says where a missing watchlist belongs, and nothing else', () => {
    const { diagnostics } = compiler.compile("Logons | where Account in ((_GetWatchlist('VPI') | project Nothing))");
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['watchlist', "watchlist 'VPI' is not known: put it at rules/watchlists/VPI.csv. Did you mean 'VIP'?"],
    ]);
  });

  it('names a column that the list has not', () => {
    const { diagnostics } = compiler.compile("_GetWatchlist('VIP') | project Nothing");
    expect(diagnostics.map(({ code }) => code)).toContain('KS142');
  });
});

describe('what a workspace may have', () => {
  const messages = (text: string): string[] => compiler.compile(text).diagnostics.map(({ message }) => message);

  it('says where saved functions and tables belong', () => {
    expect(messages('_Im_ProcessCreate(starttime=ago(1h)) | count').join()).toContain(
      'put a saved function (a parser, say) at rules/functions/_Im_ProcessCreate.kql',
    );
    expect(messages('MyApp_CL | count').join()).toContain('the schema of a table at tables/MyApp_CL.json');
    expect(messages('Logon | count').join()).toContain("Did you mean 'Logons'?");
  });

  it('tells an enrichment service apart, without the errors that follow from it', () => {
    const all = messages('Logons | invoke FileProfile(Account, 1000) | where GlobalPrevalence < 200');
    expect(all).toHaveLength(1);
    expect(all[0]).toContain('Defender XDR');
  });
});
