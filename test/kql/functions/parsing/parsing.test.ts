import { call, cell, dynamic, evaluate, long, real, text } from '../../../support/expressions';

const t = text;
const bag = (entries: Record<string, unknown>): Map<string, unknown> => new Map(Object.entries(entries));

describe('parse_path', () => {
  const parts = (path: string): unknown[] => [...(evaluate('parse_path', t(path)) as Map<string, unknown>).values()];
  it.each([
    ['C:\\temp\\file.txt', '', 'C:', 'C:\\temp', 'temp', 'file.txt', 'txt', ''],
    ['temp\\file.txt', '', '', 'temp', 'temp', 'file.txt', 'txt', ''],
    ['file://C:/temp/file.txt:some.exe', 'file', 'C:', 'C:/temp', 'temp', 'file.txt', 'txt', 'some.exe'],
    ['\\\\shared\\users\\file.txt.gz', '', '', '\\\\shared\\users', 'users', 'file.txt.gz', 'gz', ''],
    ['\\\\?\\C:\\temp\\a.exe', '', 'C:', '\\\\?\\C:\\temp', 'temp', 'a.exe', 'exe', ''],
    ['/usr/lib/file', '', '', '/usr/lib', 'lib', 'file', '', ''],
    ['a.exe:b.exe', '', '', '', '', 'a.exe', 'exe', 'b.exe'],
  ])('%s', (path, ...expected) => {
    expect(parts(path)).toEqual(expected);
  });
});

describe('parse_url, parse_urlquery', () => {
  it('names the parts', () => {
    expect(
      evaluate('parse_url', t('scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment')),
    ).toEqual(
      bag({
        Scheme: 'scheme',
        Host: 'host',
        Port: '1234',
        Path: '/this/is/a/path',
        Username: 'username',
        Password: 'password',
        'Query Parameters': bag({ k1: 'v1', k2: 'v2' }),
        Fragment: 'fragment',
      }),
    );
    const plain = evaluate('parse_url', t('https://bing.com')) as Map<string, unknown>;
    expect([plain.get('Host'), plain.get('Port'), plain.get('Path')]).toEqual(['bing.com', '', '']);
  });

  it('reads a query', () => {
    expect(evaluate('parse_urlquery', t('k1=v1&k2=a=b&__proto__=x&k3'))).toEqual(
      bag({
        'Query Parameters': new Map([
          ['k1', 'v1'],
          ['k2', 'a=b'],
          ['__proto__', 'x'],
          ['k3', ''],
        ]),
      }),
    );
  });

  it('encodes and decodes', () => {
    expect(evaluate('url_encode', t('https://www.bing.com/hello world'))).toBe(
      'https%3a%2f%2fwww.bing.com%2fhello+world',
    );
    expect(evaluate('url_encode_component', t('a b/é'))).toBe('a%20b%2f%c3%a9');
    expect(evaluate('url_decode', t('a%20b%2Fc+d%zz%C3%A9'))).toBe('a b/c d%zzé');
  });
});

describe('parse_command_line', () => {
  it.each([
    ['echo "hello world!"', ['echo', 'hello world!']],
    ['cmd.exe /c "echo hi" x', ['cmd.exe', '/c', 'echo hi', 'x']],
    ['"C:\\Program Files\\a.exe"  b', ['C:\\Program Files\\a.exe', 'b']],
    ['a "b c" d\\\\"e f" g', ['a', 'b c', 'd\\e f', 'g']],
    ['a b\\"c d', ['a', 'b"c', 'd']],
    ['a "b""c"', ['a', 'b"c']],
    ['a ""', ['a', '']],
    ['a c:\\x\\ y', ['a', 'c:\\x\\', 'y']],
  ])('%s', (line, expected) => {
    expect(evaluate('parse_command_line', t(line), t('windows'))).toEqual(expected);
  });

  it('knows Windows only', () => {
    expect(evaluate('parse_command_line', t(''), t('windows'))).toBeNull();
    expect(() => call('parse_command_line', t('a'), t('bash'))).toThrow('windows');
  });
});

describe('parse_csv, parse_version', () => {
  it.each([
    ['aa,"b,b",cc,"Say ""x""","l1\nl2"', ['aa', 'b,b', 'cc', 'Say "x"', 'l1\nl2']],
    ['a,b\nc,d', ['a', 'b']],
    ['a,,', ['a', '', '']],
    ['"open', ['open']],
    ['', ['']],
  ])('parse_csv(%j)', (line, expected) => {
    expect(evaluate('parse_csv', t(line))).toEqual(expected);
  });

  it.each([
    ['1.2.3.4', '1000000020000000300000004'],
    ['0.2', '20000000000000000'],
    ['1', '1000000000000000000000000'],
    ['1.2.3.4.5', ''],
    ['1.123456789', ''],
    ['1.a', ''],
  ])('parse_version(%s)', (version, expected) => {
    const result = call('parse_version', t(version));
    expect(evaluate('tostring', cell(result.value, result.type))).toBe(expected);
  });
});

describe('JSON', () => {
  it('parses text, keeps what is none, and dynamics as they are', () => {
    expect(evaluate('parse_json', t('{"a":[1,null]}'))).toEqual(bag({ a: [1, null] }));
    expect(evaluate('todynamic', t('not json'))).toBe('not json');
    expect(evaluate('parse_json', t(''))).toBeNull();
    expect(evaluate('parse_json', dynamic('{"a":1}'))).toBe('{"a":1}');
  });

  it('extracts along a path', () => {
    const json = t('{"name":"John","list":[{"x y":7}],"o":{"a":1}}');
    expect(call('extract_json', t('$.name'), json, t('string')).value).toBe('John');
    expect(call('extract_json', t("$.list[0]['x y']"), json, t('int')).value).toBe(7);
    expect(evaluate('extract_json', t('$.o'), json)).toBe('{"a":1}');
    expect(call('extract_json', t('$.none'), json, t('long')).value).toBeNull();
    expect(evaluate('extract_json', t('$.name'), t('{'))).toBe('');
    expect(() => call('extract_json', t('name'), json)).toThrow('JSON path');
  });

  it('writes bags with sorted keys', () => {
    expect(evaluate('dynamic_to_json', dynamic(bag({ b: bag({ z: 1, a: 2 }), A: [3] }) as never))).toBe(
      '{"A":[3],"b":{"a":2,"z":1}}',
    );
    expect(evaluate('dynamic_to_json', t('a "b"'))).toBe('a "b"');
    expect(evaluate('dynamic_to_json', dynamic('a'))).toBe('"a"');
    expect(evaluate('dynamic_to_json', real(1.5))).toBe('1.5');
  });

  it('names types', () => {
    expect(evaluate('gettype', dynamic([1]))).toBe('array');
    expect(evaluate('gettype', dynamic(null))).toBe('null');
    expect(evaluate('gettype', real(1.5))).toBe('real');
    expect(evaluate('gettype', long(1))).toBe('long');
  });
});

describe('base64, compression, digests', () => {
  it('encodes and decodes base64', () => {
    expect(evaluate('base64_encode_tostring', t('Kusto'))).toBe('S3VzdG8=');
    expect(evaluate('base64_decode_tostring', t('S3VzdG8='))).toBe('Kusto');
    expect(evaluate('base64_decode_tostring', t('U3RyaW5n0KHR0tGA0L7Rh9C60LA='))).toBe('');
    expect(evaluate('base64_decode_tostring', t('S3VzdG8'))).toBe('');
    expect(evaluate('base64_decode_toarray', t('S3VzdG8='))).toEqual([75, 117, 115, 116, 111]);
    expect(evaluate('base64_decode_toarray', t('!'))).toBeNull();
    expect(evaluate('base64_encode_fromarray', dynamic([75, 117, 115, 116, 111]))).toBe('S3VzdG8=');
    expect(evaluate('base64_encode_fromarray', dynamic([300]))).toBe('');
    const guid = cell('ae3133f2-6e22-49ae-b06a-16e6a9b212eb', 'guid');
    expect(evaluate('base64_encode_fromguid', guid)).toBe('8jMxriJurkmwahbmqbIS6w==');
    expect(evaluate('base64_decode_toguid', t('8jMxriJurkmwahbmqbIS6w=='))).toBe(
      'ae3133f2-6e22-49ae-b06a-16e6a9b212eb',
    );
  });

  it('compresses and decompresses', () => {
    const source = t('1234567890qwertyuiop');
    expect(evaluate('gzip_compress_to_base64_string', source)).toBe(
      'H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==',
    );
    expect(evaluate('zlib_compress_to_base64_string', source)).toBe('eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw==');
    for (const format of ['gzip', 'zlib']) {
      const long = 'abc '.repeat(1000);
      const packed = evaluate(`${format}_compress_to_base64_string`, t(long)) as string;
      expect(packed.length).toBeLessThan(200);
      expect(evaluate(`${format}_decompress_from_base64_string`, t(packed))).toBe(long);
      expect(evaluate(`${format}_decompress_from_base64_string`, t('x0x0'))).toBe('');
      const bomb = evaluate(`${format}_compress_to_base64_string`, t('a'.repeat(17 * 1024 * 1024)));
      expect(evaluate(`${format}_decompress_from_base64_string`, t(bomb as string))).toBe('');
    }
  });

  it('hashes', () => {
    expect(evaluate('hash', t('World'))).toBe(1846988464401551951n);
    expect(evaluate('hash', t('World'), long(100))).toBe(51);
    expect(evaluate('hash_xxhash64', cell(635556672000000000n, 'datetime'))).toBe(1380966698541616202n);
    // Published test vector of xxHash64 for a text of more than 32 bytes.
    expect(BigInt.asUintN(64, evaluate('hash', t('Nobody inspects the spammish repetition')) as bigint)).toBe(
      0xfbcea83c8a378bf1n,
    );
    expect(evaluate('hash_many', t('Hello'), t('World'))).toBe(
      evaluate('hash_combine', long(753694413698530628n), long(1846988464401551951n)),
    );
    expect(evaluate('hash_many', t('Hello'), t('World'))).not.toBe(evaluate('hash_many', t('World'), t('Hello')));
    expect(evaluate('hash_md5', t('World'))).toBe('f5a7924e621e84c9280a9a27e1bcb7f6');
    expect(evaluate('hash_md5', cell(637134336000000000n, 'datetime'))).toBe('786c530672d1f8db31fee25ea8a9390b');
    expect(evaluate('hash_sha1', t('World'))).toBe('70c07ec18ef89c5309bbb0937f3a6342411e1fdd');
    expect(evaluate('hash_sha256', t('World'))).toBe(
      '78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524',
    );
  });
});
