import * as yup from "yup";
import prisma from "@/lib/prisma";
import { withAuth } from "@/lib/with-auth";

const schema = yup.object({ customer: yup.string().required(), cents: yup.number().integer().positive().required() });

export default withAuth(async (req, res) => {
  try {
    if (req.method === "GET") {
      return res.json(await prisma.invoice.findMany({ where: { userId: req.userId } }));
    }
    if (req.method === "POST") {
      const { customer, cents } = await schema.validate(req.body);
      const invoice = await prisma.invoice.create({ data: { customer, cents, userId: req.userId } });
      return res.status(201).json(invoice);
    }
    return res.status(405).json({ error: "Method not allowed" });
  } catch (error) {
    console.error("/api/invoices", error);
    return res.status(500).json({ error: "Something went wrong" });
  }
});
