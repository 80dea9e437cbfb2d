declare global {
  interface Window {
    formSentByBrowser?: boolean;
  }
}

/** `PostForm` prevents the browser's own sending, once it has taken the form over. */
const note = 'addEventListener("submit",e=>{e.defaultPrevented||(formSentByBrowser=true)})';

/** Before the page's script is there the browser sends a form itself, and the page, script and all, lives until the answer comes. */
export function NoteSentForm() {
  return <script dangerouslySetInnerHTML={{ __html: note }} />;
}
