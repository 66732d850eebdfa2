import type { IconName } from "../icons";

export interface MenuItem {
  label: string;
  hint?: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  testid?: string;
  onselect: () => void;
}
export interface MenuGroup {
  label?: string;
  items: MenuItem[];
}
