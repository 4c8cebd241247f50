import type { Role } from "../../../server/contract/api.ts";

export const ROLES_SHOWN: readonly Role[] = ["viewer", "operator", "admin"];

export const ROLE_TEXTS: Readonly<Record<Role, string>> = {
  viewer: "looks",
  operator: "changes ranges, racks and names, starts scans",
  admin: "manages agents; with every site also users and settings",
};
