import fc from 'fast-check';
import { type Dynamic, xmlToDynamic } from '../../../../src/kql';
import { expectValues, valuesOf } from '../../../support/values';

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

  it.each(['<', '<a ', '<a b="', '&', '<!--', '<![CDATA[', '<a>\r'])('answers a megabyte of %j', (piece) => {
    expect(xmlToDynamic(`<a>${piece.repeat(1_000_000 / piece.length)}</a>`)).toBeNull();
    expect(xmlToDynamic(piece.repeat(1_000_000 / piece.length))).toBeNull();
  });
});

describe('parse_xml on made-up documents', () => {
  interface Tree {
    attributes: Record<string, string>;
    content: string | Record<string, Tree>;
  }
  const name = fc.stringMatching(/^[a-zA-Z_][\w.-]{0,6}$/);
  const value = fc.stringMatching(/^[!-~]([ -~]{0,12}[!-~])?$/);
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.record({
      attributes: fc.dictionary(name, value, { maxKeys: 2 }),
      content: fc.oneof({ maxDepth: 4 }, value, fc.dictionary(name, tie('tree'), { maxKeys: 3 })),
    }),
  }));
  const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

  function write(element: string, { attributes, content }: Tree): string {
    const written = Object.entries(attributes).map(([key, text]) => `\n ${key} = "${escaped(text)}"`);
    const inner =
      typeof content === 'string'
        ? escaped(content)
        : Object.entries(content)
            .map(([key, child]) => `<!-- < -->\n${write(key, child)} `)
            .join('');
    return inner === '' ? `<${element}${written.join('')} />` : `<${element}${written.join('')}>${inner}</${element}>`;
  }

  function expected({ attributes, content }: Tree): Dynamic {
    const bag = new Map<string, Dynamic>(Object.entries(attributes).map(([key, text]) => [`@${key}`, text]));
    if (typeof content === 'string') {
      if (bag.size === 0) return content;
      bag.set('#text', content);
    } else for (const [key, child] of Object.entries(content)) bag.set(key, expected(child));
    return bag.size === 0 ? null : bag;
  }

  it('reads back what was written, and nothing that is cut short', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (root, cut) => {
        const text = write('root', root);
        expect(xmlToDynamic(text)).toEqual(new Map([['root', expected(root)]]));
        expect(xmlToDynamic(text.slice(0, cut % text.length))).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('answers any damage', () => {
    fc.assert(
      fc.property(
        tree,
        fc.nat(),
        fc.constantFrom('<', '>', '&', '"', '/', ']]>', '<!--', '\u0000'),
        (root, at, damage) => {
          const text = write('root', root);
          const result = xmlToDynamic(text.slice(0, at % text.length) + damage + text.slice(at % text.length));
          expect(result === null || result instanceof Map).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('white space of XML text', () => {
  it('stays where an element has nothing but text: command lines end in blanks', () => {
    expect(parsed('<a><Data Name="CommandLine">"C:\\x.exe" </Data></a>')).toEqual({
      a: { Data: { '@Name': 'CommandLine', '#text': '"C:\\x.exe" ' } },
    });
    expect(xmlToDynamic('<a>  b\n</a>')).toEqual(new Map([['a', '  b\n']]));
    expect(parsed('<a> &#32;b</a>')).toEqual({ a: '  b' });
  });

  it('goes around text beside child elements', () => {
    expect(parsed('<a> x <b>1</b> y </a>')).toEqual({ a: { '#text': ['x', 'y'], b: '1' } });
  });

  it('alone is no text', () => {
    expect(xmlToDynamic('<a>\n  <b> </b>\n</a>')).toEqual(new Map([['a', new Map([['b', null]])]]));
  });
});
