import { expectValues, valuesOf } from '../../support/values';

const xml = (text: string): string => `parse_xml(@'${text.replaceAll("'", "''")}')`;
const parsed = (text: string): unknown => valuesOf(xml(text))[0];

describe('parse_xml', () => {
  it('makes attributes, text and repeated elements', () => {
    expect(
      parsed('<EventData><Data Name="A">1</Data><Data Name="B"/><Data Name="C">a &lt; b &#x41;</Data></EventData>'),
    ).toEqual({
      EventData: {
        Data: [{ '@Name': 'A', '#text': '1' }, { '@Name': 'B' }, { '@Name': 'C', '#text': 'a < b A' }],
      },
    });
    expectValues([
      [xml('<e> <a>text</a> <a>text</a> </e>'), { e: { a: ['text', 'text'] } }],
      [xml('<e> text <a>text</a> </e>'), { e: { '#text': 'text', a: 'text' } }],
      [xml('<e></e>'), { e: null }],
      [xml('<n:e xmlns:n="u" n:a="1 &amp; 2">x</n:e>'), { 'n:e': { '@xmlns:n': 'u', '@n:a': '1 & 2', '#text': 'x' } }],
    ]);
  });

  it('passes over declarations, comments and instructions; CDATA is text', () => {
    expectValues([
      [xml('<?xml version="1.0"?><!-- c --><e>a<!-- b -->c<?pi x?></e>'), { e: 'ac' }],
      [xml('<e><![CDATA[ <b> & ]]></e>'), { e: ' <b> & ' }],
    ]);
  });

  it.each([
    ['unclosed', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['no element', 'text'],
    ['empty', ''],
    ['a DTD', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an unknown entity', '<a>&nope;</a>'],
    ['a character that is none', '<a>&#0;</a>'],
    ['nested over 128 deep', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`],
  ])('gives null: %s', (_, text) => {
    expect(parsed(text)).toBeNull();
  });

  it('gives null for more than 1 MB', () => {
    expectValues([["isnull(parse_xml(strcat('<a>', strrep(strrep('x', 1024), 1024), '</a>')))", true]]);
  });

  it('is not slow on text that only looks like XML', () => {
    const started = performance.now();
    parsed('<'.repeat(20_000));
    parsed(`<a ${'b="'.repeat(10_000)}`);
    parsed(`<a>${'&'.repeat(20_000)}</a>`);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
