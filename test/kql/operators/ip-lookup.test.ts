import { queryTable } from '../../support/kql';

const TABLE = `let Nets = datatable(net:string, country:string, site:string)["111.68.128.0/17","JP","a", "5.8.0.0/19","RU","a", "5.8.1.0/24","XX","b", "46.36.200.51","CK","a"];
let IPs = datatable(ip:string, site:string)["5.8.1.2","a", "46.36.200.51","b", "192.165.12.17","a", "not an address","a"];`;

describe('ipv4_lookup', () => {
  it('gives every network that holds the address, and the unmatched on demand', () => {
    expect(
      queryTable(`${TABLE} IPs | evaluate ipv4_lookup(Nets, ip, net) | project ip, net, country, site1`).rows,
    ).toEqual([
      ['5.8.1.2', '5.8.0.0/19', 'RU', 'a'],
      ['5.8.1.2', '5.8.1.0/24', 'XX', 'b'],
      ['46.36.200.51', '46.36.200.51', 'CK', 'a'],
    ]);
    expect(
      queryTable(
        `${TABLE} IPs | evaluate ipv4_lookup(Nets, ip, net, return_unmatched = true) | where country == "" | project ip, net`,
      ).rows,
    ).toEqual([
      ['192.165.12.17', ''],
      ['not an address', ''],
    ]);
  });

  it('takes extra keys', () => {
    const { columns, rows } = queryTable(`${TABLE} IPs | evaluate ipv4_lookup(Nets, ip, net, site)`);
    expect(columns.map(({ name }) => name)).toEqual(['ip', 'site', 'net', 'country']);
    expect(rows).toEqual([['5.8.1.2', 'a', '5.8.0.0/19', 'RU']]);
  });
});

describe('ipv6_lookup', () => {
  it('takes both families', () => {
    expect(
      queryTable(`let Nets = datatable(net:string, c:string)["2001:db8::/48","US", "10.0.0.0/8","private"];
        datatable(ip:string)["2001:0db8:0:1::1", "10.1.2.3", "fe80::1"] | evaluate ipv6_lookup(Nets, ip, net)`).rows,
    ).toEqual([
      ['2001:0db8:0:1::1', '2001:db8::/48', 'US'],
      ['10.1.2.3', '10.0.0.0/8', 'private'],
    ]);
  });
});
