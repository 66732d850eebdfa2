import { cleanup } from "@testing-library/svelte";
import { afterEach } from "vitest";

process.env.TZ = "UTC";
afterEach(cleanup);
