import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { showKeptTheme } from './parts/theme.ts';
import { router } from './routes.tsx';
import './style/all.css';

showKeptTheme();
// What the address needs is asked for before anything is drawn.
void router.load();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
