import { usableMapping } from '../../src/rules/entity-mappings';

const fields = (...identifiers: string[]) =>
  identifiers.map((identifier, i) => ({ identifier, columnName: `Column${i}` }));

describe('entity mappings as alerts use them', () => {
  it('lack identifiers that the type does not have, and repetitions', () => {
    expect(
      usableMapping({ entityType: 'File', fieldMappings: fields('Name', 'FileName', 'Directory', 'Name') }),
    ).toEqual([
      {
        entityType: 'File',
        fieldMappings: [
          { identifier: 'Name', columnName: 'Column0' },
          { identifier: 'Directory', columnName: 'Column2' },
        ],
      },
    ]);
  });

  it('are named in any case, and none where nothing is left', () => {
    expect(usableMapping({ entityType: 'url', fieldMappings: fields('Url') })).toMatchObject([{ entityType: 'URL' }]);
    expect(usableMapping({ entityType: 'File', fieldMappings: fields('FolderPath') })).toEqual([]);
    expect(usableMapping({ entityType: 'Hots', fieldMappings: fields('HostName') })).toEqual([]);
  });
});
