import { mount } from "svelte";
import Door from "./views/door/Door.svelte";

const target = document.getElementById("app");
if (target) mount(Door, { target });
