// First: what comes after it is loaded with it in force.
import './lib/locale';
import { render } from 'preact';
import { App } from './app';
import { applyTheme } from './lib/theme';
import './styles/index.css';

applyTheme();
render(<App />, document.getElementById('board')!);
