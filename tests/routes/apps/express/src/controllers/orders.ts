import type { Request, Response } from "express";
import OpenAI from "openai";
import { z } from "zod";
import { prisma } from "../lib/prisma";

const openai = new OpenAI();
const newOrder = z.object({ sku: z.string(), count: z.number().int().positive() });
const change = z.object({ count: z.number().int().positive() });

export class OrdersController {
  list = async (req: Request, res: Response) => {
    res.json(await prisma.order.findMany({ where: { userId: req.user!.id } }));
  };

  create = async (req: Request, res: Response) => {
    const { sku, count } = newOrder.parse(req.body);
    const order = await prisma.order.create({ data: { sku, count, userId: req.user!.id } });
    res.status(201).json(order);
  };

  show = async (req: Request, res: Response) => {
    const order = await prisma.order.findUnique({ where: { id: req.params.id } });
    if (!order || order.userId !== req.user!.id) {
      res.status(404).json({ error: "Not found" });
      return;
    }
    res.json(order);
  };

  update = async (req: Request, res: Response) => {
    const { count } = change.parse(req.body);
    const order = await prisma.order.findUnique({ where: { id: req.params.id } });
    if (!order || order.userId !== req.user!.id) {
      res.status(404).json({ error: "Not found" });
      return;
    }
    res.json(await prisma.order.update({ where: { id: order.id }, data: { count } }));
  };

  remove = async (req: Request, res: Response) => {
    await prisma.order.delete({ where: { id: req.params.id } });
    res.status(204).end();
  };

  summarize = async (req: Request, res: Response) => {
    const order = await prisma.order.findFirst({ where: { id: req.params.id, userId: req.user!.id } });
    if (!order) {
      res.status(404).json({ error: "Not found" });
      return;
    }
    const answer = await openai.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: `Summarize: ${order.notes}` }],
    });
    res.json({ summary: answer.choices[0].message.content });
  };
}
