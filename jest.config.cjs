const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/scripts/jest-environment.cjs',
  moduleNameMapper: { '^@kusto/language-service-next/': '<rootDir>/scripts/jest-empty.cjs' },
  // A worker takes up to 1 GB, and some tests start processes of their own.
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
  roots: ['<rootDir>/test'],
  reporters: ['default', '<rootDir>/scripts/jest-summary.cjs'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.[cm]?[jt]s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['/node_modules/(?!(re2js|croner|@azure)/)'],
  collectCoverageFrom: ['src/**/*.ts', 'functions/**/*.ts', 'cli/**/*.ts', 'local/**/*.ts'],
};
