import { mount } from "svelte";
import App from "./views/shell/App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
