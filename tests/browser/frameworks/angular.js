import "@angular/compiler";
import {
  Component,
  CUSTOM_ELEMENTS_SCHEMA,
  provideZonelessChangeDetection,
  signal,
} from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";

window.start = (first) => {
  const state = signal(first);
  window.change = (part) => state.set({ ...state(), ...part });
  class App {
    state = state;
    heard(event) {
      window.heard.push(event.detail.from);
    }
  }
  const type = Component({
    selector: "#app",
    schemas: [CUSTOM_ELEMENTS_SCHEMA],
    template: `<main>@if (state().shown) {
      <plaudit-stars id="stars" [value]="state().value" [outline]="state().outline" class="mine"><b id="child">child</b></plaudit-stars>
      <plaudit-rating id="rating" [attr.locale]="state().locale" [data]="state().data" />
      <plaudit-badge id="badge" business-unit="46d6a890000064000500e0c3" proxy="/api" (plaudit-load)="heard($event)" />
    }</main>`,
  })(App);
  return bootstrapApplication(type ?? App, { providers: [provideZonelessChangeDetection()] });
};
