import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { type Crossing, fetchCrossings } from "./api";

function Timetable() {
  const [crossings, setCrossings] = useState<Crossing[]>([]);
  useEffect(() => {
    fetchCrossings("demo").then(setCrossings, console.error);
  }, []);
  return (
    <ul>
      {crossings.map((crossing) => (
        <li key={crossing.id}>{crossing.departsAt}</li>
      ))}
    </ul>
  );
}

createRoot(document.getElementById("root")!).render(<Timetable />);
