/// <reference types="vite/client" />

/** Whether the window runs over the made-up vault of `ipc/fake`. */
declare const __FAKE_CORE__: boolean;
