/** Short words at the window's edge. */
export interface Toast {
  id: number;
  tone: "fine" | "calm" | "critical";
  text: string;
  more?: string;
  action?: { label: string; run: () => void };
}
