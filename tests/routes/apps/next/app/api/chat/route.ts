import { openai } from "@ai-sdk/openai";
import { streamText } from "ai";
import { auth } from "@/lib/auth";

export async function POST(request: Request) {
  await auth();
  const { messages } = await request.json();
  const result = streamText({ model: openai("gpt-4o-mini"), messages });
  return result.toTextStreamResponse();
}
