import { queryTable } from '../../../support/kql';
import { expectValues } from '../../../support/values';

describe('IPv4', () => {
  it('parses with and without a prefix, and nothing else', () => {
    expectValues([
      ['parse_ipv4("192.168.1.1/24")', 3232235776],
      ['parse_ipv4("1.2.3.4/0")', 0],
      ['parse_ipv4("1.2.3.4/33")', null],
      ['parse_ipv4("1.2.3")', null],
      ['parse_ipv4("256.1.1.1")', null],
      ['parse_ipv4(" 1.2.3.4")', null],
      ['parse_ipv4("")', null],
      ['parse_ipv4_mask("127.0.0.1", 24)', 2130706432],
      ['parse_ipv4_mask("127.0.0.1", 33)', null],
      ['ipv4_netmask_suffix("10.1.2.3")', 32],
      ['ipv4_netmask_suffix("x")', null],
    ]);
  });

  it('compares by the shortest prefix', () => {
    expectValues([
      ['ipv4_compare("10.0.0.1", "10.0.0.2")', -1],
      ['ipv4_compare("200.0.0.1", "10.0.0.2")', 1],
      ['ipv4_compare("10.0.0.1", "10.0.0.2", 24)', 0],
      ['ipv4_is_match("10.0.0.1/24", "10.0.0.255", 31)', true],
      ['ipv4_is_match("10.0.0.1", "10.0.0.1", 33)', null],
      ['ipv4_is_match("10.0.0.1", "x")', null],
      ['ipv4_is_in_range("255.255.255.255", "128.0.0.0/1")', true],
      ['ipv4_is_in_range("1.1.1.1", "0.0.0.0/0")', true],
      ['ipv4_is_in_range("nope", "0.0.0.0/0")', null],
    ]);
  });

  it('knows private networks by their edges', () => {
    expectValues([
      ['ipv4_is_private("172.15.255.255")', false],
      ['ipv4_is_private("172.16.0.0")', true],
      ['ipv4_is_private("172.31.255.255")', true],
      ['ipv4_is_private("172.32.0.0")', false],
      ['ipv4_is_private("169.254.0.1")', false],
    ]);
  });

  it('tests ranges from arguments, constant arrays and rows', () => {
    const { rows } = queryTable(`
      datatable(ip:string, ranges:dynamic)[
        "10.1.2.3", dynamic(["10.0.0.0/8"]), "11.1.2.3", dynamic(["10.0.0.0/8"]), "10.1.2.3", dynamic(["x","10.0.0.0/8"]),
        "11.1.2.3", dynamic(["x"]), "x", dynamic(["10.0.0.0/8"])]
      | project ipv4_is_in_any_range(ip, ranges), ipv4_is_in_any_range(ip, "10.0.0.0/9", "11.0.0.0/8")`);
    expect(rows).toEqual([
      [true, true],
      [false, true],
      [true, true],
      [null, true],
      [null, null],
    ]);
  });

  it('writes addresses and networks', () => {
    expectValues([
      ['format_ipv4(3232236031, 24)', '192.168.1.0'],
      ['format_ipv4_mask("192.168.1.1/24", 16)', '192.168.0.0/16'],
      ['format_ipv4_mask("192.168.1.7/24")', '192.168.1.0/24'],
      ['format_ipv4_mask(3232235777)', '192.168.1.1/32'],
      ['format_ipv4(-1)', ''],
      ['format_ipv4(4294967296)', ''],
      ['format_ipv4("1.2.3.4", 33)', ''],
      ['ipv4_range_to_cidr_list("0.0.0.0", "255.255.255.255")', ['0.0.0.0/0']],
      ['ipv4_range_to_cidr_list("0.0.0.1", "0.0.0.6")', ['0.0.0.1/32', '0.0.0.2/31', '0.0.0.4/31', '0.0.0.6/32']],
      ['ipv4_range_to_cidr_list("2.0.0.0", "1.0.0.0")', null],
    ]);
  });

  it('finds addresses that stand alone in a text', () => {
    expectValues([
      ['has_ipv4("from=10.1.2.3,", "10.1.2.3")', true],
      ['has_ipv4("110.1.2.3", "10.1.2.3")', false],
      ['has_ipv4("x10.1.2.3 10.1.2.34 10.1.2.3", "10.1.2.3")', true],
      ['has_ipv4("10.1.2.3", "10.1.2")', false],
      ['has_any_ipv4("a 10.1.2.3", "1.1.1.1", "10.1.2.3")', true],
      ['has_any_ipv4("a 10.1.2.3", dynamic([]))', false],
      ['has_ipv4_prefix("a 10.1.2.3", "10.")', true],
      ['has_ipv4_prefix("a 10.1.2", "10.")', false],
      ['has_ipv4_prefix("a 10.1.2.3", "10.1.2.3")', true],
      ['has_any_ipv4_prefix("a 10.1.2.3", dynamic(["10.1", "10.1.2."]))', true],
    ]);
  });
});

describe('IPv6', () => {
  it('writes all groups, masked', () => {
    expectValues([
      ['parse_ipv6("::1")', '0000:0000:0000:0000:0000:0000:0000:0001'],
      ['parse_ipv6("FE80::85d:e82c:9446:7994/16")', 'fe80:0000:0000:0000:0000:0000:0000:0000'],
      ['parse_ipv6("1:2:3:4:5:6:7:8")', '0001:0002:0003:0004:0005:0006:0007:0008'],
      ['parse_ipv6("127.0.0.1")', '0000:0000:0000:0000:0000:ffff:7f00:0001'],
      ['parse_ipv6("::/0")', '0000:0000:0000:0000:0000:0000:0000:0000'],
    ]);
  });

  it.each([
    '1::2::3',
    '1:2:3:4:5:6:7::8',
    '1:2:3',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '::1/129',
    '::1/x',
    '::1.2.3',
    '',
  ])('gives "" for %s', (text) => {
    expectValues([[`parse_ipv6("${text}")`, '']]);
  });

  it('compares IPv4 addresses as mapped ones', () => {
    expectValues([
      ['ipv6_compare("192.168.1.1/24", "::ffff:c0a8:01ff")', 0],
      ['ipv6_compare("::192.168.1.1/30", "192.168.1.255/24")', 0],
      ['ipv6_compare("fe80::1", "fe80::2")', -1],
      ['ipv6_is_match("fe80::1", "fe80::2", 126)', true],
      ['ipv6_is_match("fe80::1", "fe80::2", 129)', null],
      ['ipv6_is_in_range("fe80::1", "fe80::/10")', true],
      ['ipv6_is_in_any_range("::1", dynamic(["fe80::/10", "::/127"]))', true],
      ['ipv6_is_in_any_range("::2", dynamic(["fe80::/10", "::/127"]))', false],
    ]);
  });
});
