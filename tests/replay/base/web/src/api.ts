import { z } from "zod";

const crossing = z.object({ id: z.string(), departsAt: z.string(), seats: z.number() });
export type Crossing = z.infer<typeof crossing>;

export function parseCrossings(body: unknown): Crossing[] {
  return z.array(crossing).parse(body);
}

export async function fetchCrossings(company: string): Promise<Crossing[]> {
  const answer = await fetch(`${import.meta.env.VITE_API_URL}/companies/${company}/crossings`);
  if (!answer.ok) throw new Error(`the timetable answered ${answer.status}`);
  return parseCrossings(await answer.json());
}
