import { pool } from "./db.js";

export interface Crossing {
  id: string;
  departsAt: string;
  seats: number;
}

export function seatsLeft(crossing: Crossing, sold: number): number {
  return Math.max(0, crossing.seats - sold);
}

export async function listCrossings(company: string): Promise<Crossing[]> {
  const { rows } = await pool.query(
    "select id, departs_at as \"departsAt\", seats from crossings where company_id = $1 order by departs_at limit 200",
    [company],
  );
  return rows;
}
