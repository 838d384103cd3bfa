const { TestEnvironment } = require('jest-environment-node');

/**
 * Node, with Microsoft's Kusto parser loaded once a worker, when the first test asks for it: it takes seconds of each test file otherwise.
 * The modules that a test loads in its place are empty (moduleNameMapper).
 */
module.exports = class KustoEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.defineProperty(this.global, 'Kusto', { configurable: true, get: loadKusto });
  }
};

function loadKusto() {
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  return globalThis.Kusto;
}
