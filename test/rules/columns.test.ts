import { referencedColumns } from '../../src/rules/columns';
import { readRule } from '../../src/rules/read';
import { SAMPLE } from './sample';

describe('referencedColumns', () => {
  it('lists every column named outside the query, with its place', () => {
    const { rule, position } = readRule(
      `${SAMPLE}customDetails:
  Who: User
alertDetailsOverride:
  alertDisplayNameFormat: "{{A}} and {{ B }}"
  alertDescriptionFormat: "no column"
  alertTacticsColumnName: Tac
  alertSeverityColumnName: Sev
  alertDynamicProperties:
    - alertProperty: ProductName
      value: Product
`,
      'r.yaml',
    );
    const found = referencedColumns(rule!).map(
      ({ columnName, path }) => `${columnName} ${position(path).line}:${position(path).column}`,
    );
    expect(found).toEqual([
      'Computer 26:21',
      'User 30:8',
      'A 32:27',
      'B 32:27',
      'Tac 34:27',
      'Sev 35:28',
      'Product 38:14',
    ]);
  });
});
