import type { Finding, KeyDetail } from "../bindings";

const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();

function named(detail: KeyDetail, name: string) {
  detail.row.name = detail.row.title = name;
}

function needs(
  detail: KeyDetail,
  kind: Finding["kind"],
  severity: Finding["severity"],
  due: number,
) {
  detail.findings.push({ key: detail.row.id, kind, severity, due: iso(due) });
}

function lives(detail: KeyDetail, now: number, age: number, left: number) {
  detail.row.created = iso(now - age * DAY);
  detail.row.expires = { kind: "at", at: iso(now + left * DAY) };
  detail.row.rotation_due = iso(now + (detail.effective_rotation_days - age) * DAY);
}

/** A revoked key has nothing left to be done with. */
export const OVER = {
  revoke: false,
  why_no_revoke: "It is revoked already.",
  revoke_in_dashboard: false,
  withdraw: false,
  relabel: false,
  disable: false,
  enable: false,
  rotate: false,
  why_no_rotate: "It is at its end already: make a new key instead.",
};

/** The first keys of the made-up vault: one of each state. */
export const SPECIALS: ((detail: KeyDetail, now: number) => void)[] = [
  (detail, now) => {
    named(detail, "ci-deploy");
    lives(detail, now, 102, -12.4);
    detail.row.status = "expired";
    detail.scopes = ["org:acme", "agent:*", "svc:admin:admin"];
    detail.blast = {
      sentence: "Administer the organisation, through any agent, in acme only.",
      dangers: ["It can make and revoke keys.", "It works through any agent."],
    };
    needs(detail, { kind: "expired", days: 12 }, "critical", now - 12.4 * DAY);
  },
  (detail, now) => {
    named(detail, "erp-read-only");
    detail.row.connection_name = "acme";
    detail.row.environment = "live";
    detail.connection = "c-acme";
    detail.effective_rotation_days = detail.rotation_days = 60;
    lives(detail, now, 85, 5.4);
    detail.last_used = iso(now - 2 * 3_600_000);
    detail.owner = { name: "erp-bot", kind: "service_account" };
    detail.row.tags = ["erp", "nightly"];
    detail.row.hint = { prefix: "ace_live_aB" };
    detail.row.bitting = [3, 6, 1, 4, 0, 5, 2, 6];
    detail.note =
      "Used by the nightly import on **build-2**. Ask Finance before pausing it.\n\n- reads `wiki` only\n- rotate with [the runbook](https://wiki.example/erp)";
    detail.uses = [
      { client: "ERP importer", place: "build-2, by hand", noted: iso(now - 80 * DAY) },
    ];
    needs(detail, { kind: "near_expiry", days: 6 }, "warning", now + 5.4 * DAY);
    needs(detail, { kind: "rotation_due", days: 25 }, "warning", now - 25 * DAY);
  },
  (detail, now) => {
    named(detail, "claude-code");
    lives(detail, now, 78, 11.5);
    needs(detail, { kind: "near_expiry", days: 12 }, "warning", now + 11.5 * DAY);
  },
  (detail, now) => {
    named(detail, "payments-webhook");
    lives(detail, now, 104, 261);
    needs(detail, { kind: "rotation_due", days: 14 }, "warning", now - 14 * DAY);
  },
  (detail, now) => {
    named(detail, "old-laptop");
    detail.row.bitting = [4, 1, 6, 2, 5, 0, 3, 7];
    lives(detail, now, 40, 50);
    detail.row.status = "revoking";
    detail.row.revoking_since = iso(now - 95_000);
    detail.revocation = {
      requested: iso(now - 95_000),
      proof: "none",
      overdue: true,
      window_ms: null,
    };
    needs(detail, { kind: "revoke_overdue" }, "critical", now - 95_000);
  },
  (detail, now) => {
    named(detail, "zapier-sync");
    lives(detail, now, 60, 22);
    needs(detail, { kind: "near_expiry", days: 22 }, "info", now + 22 * DAY);
  },
  (detail, now) => {
    named(detail, "search-indexer");
    lives(detail, now, 30, 60);
    detail.gone_since = iso(now - 3 * DAY);
    needs(detail, { kind: "gone" }, "warning", now - 3 * DAY);
  },
  (detail, now) => {
    named(detail, "contractor-june");
    lives(detail, now, 60, 30);
    detail.row.status = "revoked";
    detail.revocation = {
      requested: iso(now - 6 * DAY),
      proved: iso(now - 6 * DAY),
      proof: "refused",
      window_ms: 41_200,
      overdue: false,
    };
    detail.can = { ...detail.can, ...OVER };
  },
  (detail, now) => {
    named(detail, "router-dev");
    lives(detail, now, 12, 0);
    detail.row.expires = { kind: "never" };
    detail.row.bitting = null;
    detail.origin = "found";
    detail.row.hint = {};
  },
  (detail) => {
    named(detail, "keywright-management");
    detail.row.manages_connection = true;
    detail.can.revoke = false;
    detail.can.why_no_revoke = "It manages this connection. Bring another credential first.";
    detail.can.rotate = false;
    detail.can.why_no_rotate = detail.can.why_no_revoke;
  },
  (detail, now) => {
    named(detail, "a-very-long-name-that-somebody-gave-for-the-quarterly-export");
    lives(detail, now, 9, 81);
    detail.row.title = "Quarterly export of the finance warehouse to the auditors in Lisbon";
  },
  (detail, now) => {
    named(detail, "voice-agent-told");
    at_servo(detail);
    lives(detail, now, 30, 40);
    detail.row.status = "revoked";
    detail.row.bitting = null;
    detail.revocation = {
      requested: iso(now - 2 * DAY),
      proof: "told",
      overdue: false,
      window_ms: null,
    };
    detail.can = { ...detail.can, ...OVER, withdraw: true };
  },
  (detail, now) => {
    named(detail, "nightly-paused");
    lives(detail, now, 30, 60);
    detail.row.status = "disabled";
    detail.can.disable = false;
    detail.can.enable = true;
  },
  (detail, now) => {
    named(detail, "voice-agent");
    at_servo(detail);
    lives(detail, now, 20, 300);
    detail.uses = [];
  },
];

function at_servo(detail: KeyDetail) {
  detail.connection = "c-servo";
  Object.assign(detail.row, {
    platform: "servoagent",
    platform_name: "ServoAgent",
    connection_name: "ServoAgent",
    environment: "test",
    hint: { prefix: "sk_test_aB" },
  });
  detail.can = {
    ...detail.can,
    revoke: false,
    revoke_in_dashboard: true,
    relabel: false,
    disable: false,
  };
}
